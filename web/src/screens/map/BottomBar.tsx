import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { Icon } from "../../ui/Icon";
import { AccountLink, LangButton, NAV, NavLink, ownPlaces, ThemeButton } from "./Rail";

const PLACES = 3; // links in the bar; the fourth place opens the rest

export function BottomBar() {
  const [open, setOpen] = useState(false);
  return (
    <nav class="bottom-bar" aria-label={t("nav.label")}>
      {NAV.slice(0, PLACES).map((item) => (
        <NavLink item={item} />
      ))}
      <button
        type="button"
        class="nav-link"
        aria-expanded={open}
        aria-controls="more-menu"
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" size={22} />
        <span>{t("nav.more")}</span>
      </button>
      {open && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the links inside take the keys
        // biome-ignore lint/a11y/noStaticElementInteractions: a click on a link closes the menu
        <div class="more-menu" id="more-menu" onClick={() => setOpen(false)}>
          {[...NAV.slice(PLACES), ...ownPlaces()].map((item) => (
            <NavLink key={item.key} item={item} />
          ))}
          <AccountLink />
          <LangButton />
          <ThemeButton />
        </div>
      )}
    </nav>
  );
}
