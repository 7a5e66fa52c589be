import { url } from "../../api/client";
import { lang, setLang, t } from "../../i18n";
import { href, path } from "../../router";
import { may } from "../../state/may";
import { MAP_PATHS, OF_ONE_SCREEN, type Panel, panel, panelHref } from "../../state/screen";
import { user } from "../../state/session";
import { nextTheme, theme } from "../../theme/theme";
import { Icon, type IconName } from "../../ui/Icon";

export interface NavItem {
  icon: IconName;
  key:
    | "map"
    | "progress"
    | "corridors"
    | "partners"
    | "projects"
    | "cooperation"
    | "connect"
    | "import"
    | "jobs";
  panel?: Panel;
  path?: string; // of a place that is no panel of the map
}

export const NAV: NavItem[] = [
  { icon: "map", key: "map", panel: "legend" },
  { icon: "progress", key: "progress", panel: "progress" },
  { icon: "corridor", key: "corridors", panel: "corridor" },
  { icon: "partners", key: "partners", path: "/partners" },
  { icon: "projects", key: "projects", panel: "projects" },
  { icon: "cooperation", key: "cooperation", panel: "cooperation" },
  { icon: "connect", key: "connect", path: "/connect" },
];

/** Places for those who may: whoever cannot go there is not offered the way. */
export function ownPlaces(): NavItem[] {
  const places: NavItem[] = [];
  if (may("import")) places.push({ icon: "upload", key: "import", path: "/import" });
  if (user.value) places.push({ icon: "jobs", key: "jobs", path: "/jobs" });
  return places;
}

function isCurrent(item: NavItem): boolean {
  if (item.path) return path.value.startsWith(item.path);
  if (!MAP_PATHS.includes(path.value)) return false;
  const open = panel.value === "list" ? "legend" : panel.value;
  return open === item.panel || (open === null && item.panel === "legend");
}

export function NavLink({ item }: { item: NavItem }) {
  const to = item.panel
    ? panelHref(item.panel)
    : href(item.path ?? "/", { ...OF_ONE_SCREEN, sel: null, at: null, panel: null, sheet: null });
  return (
    <a class="nav-link" href={to} aria-current={isCurrent(item) ? "page" : undefined}>
      <Icon name={item.icon} size={22} />
      <span>{t(`nav.${item.key}`)}</span>
    </a>
  );
}

/** The account, or the way to sign in, which leads back to where one was. */
export function AccountLink() {
  const me = user.value;
  const to = me
    ? "/account"
    : url("/sign-in", { next: path.value === "/sign-in" ? null : href(path.value) });
  const current = ["/account", "/sign-in", "/people", "/audit"].includes(path.value);
  return (
    <a class="nav-link" href={to} aria-current={current ? "page" : undefined}>
      <Icon name="account" size={22} />
      <span>{t(me ? "nav.account" : "nav.sign_in")}</span>
    </a>
  );
}

export function LangButton() {
  const next = lang.value === "vi" ? "en" : "vi";
  const name = t(next === "en" ? "app.to_english" : "app.to_vietnamese");
  return (
    <button type="button" class="nav-link" lang={next} onClick={() => setLang(next)}>
      <span class="nav-code" aria-hidden="true">
        {next.toUpperCase()}
      </span>
      <span>{name}</span>
    </button>
  );
}

export function ThemeButton() {
  const name = t("app.theme", { name: t(`app.theme.${theme.value}`) });
  return (
    <button type="button" class="nav-link" onClick={nextTheme} title={name} aria-label={name}>
      <Icon name="theme" size={22} />
      <span aria-hidden="true">{t(`app.theme.${theme.value}`)}</span>
    </button>
  );
}

export function Rail() {
  return (
    <nav class="rail" aria-label={t("nav.label")}>
      {[...NAV, ...ownPlaces()].map((item) => (
        <NavLink key={item.key} item={item} />
      ))}
      <span class="rail-space" />
      <AccountLink />
      <LangButton />
      <ThemeButton />
    </nav>
  );
}
