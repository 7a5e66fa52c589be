/** `/partners`: the provinces across the border, by country. */
import { useEffect } from "preact/hooks";
import type { Face, PartnerSummary } from "../../api/types";
import { partnersUrl } from "../../api/urls";
import { t } from "../../i18n";
import { named } from "../../i18n/words";
import { href, query, setQuery } from "../../router";
import { useResource } from "../../state/resource";
import { Loaded } from "../../ui/States";
import { Frame } from "../page/Frame";
import { Attribution } from "../page/Sheet";
import { OverviewMap } from "./OverviewMap";
import { byCountry, type CountryGroup, found, homeFaces, otherFaces, scriptOf } from "./summary";
import "./partners.css";

export function partnerHref(code: string): string {
  return href(`/partners/${encodeURIComponent(code)}`, { q: null });
}

function facesText({ faces }: PartnerSummary): string {
  const names = (some: Face[]) => some.map((face) => named(face)).join(", ");
  const home = homeFaces(faces);
  if (home.length) return t("partner.faces", { names: names(home) });
  const others = names(otherFaces(faces));
  return others ? t("partner.faces_others", { names: others }) : t("partner.faces_none");
}

function Row({ partner }: { partner: PartnerSummary }) {
  return (
    <li>
      <a class="partner-row" href={partnerHref(partner.code)}>
        <span class="partner-names">
          <strong>{named(partner)}</strong>
          {partner.name_local && (
            <span class="local" lang={scriptOf(partner.country)}>
              {partner.name_local}
            </span>
          )}
        </span>
        <span class="partner-faces">{facesText(partner)}</span>
        <span class="partner-code num">{partner.code}</span>
      </a>
    </li>
  );
}

function Group({ group }: { group: CountryGroup }) {
  return (
    <section class="partner-group">
      <h2>
        {t(`partner.country.${group.country}`)}{" "}
        <span class="soft num">({group.partners.length})</span>
      </h2>
      <ul>
        {group.partners.map((partner) => (
          <Row key={partner.code} partner={partner} />
        ))}
      </ul>
    </section>
  );
}

function SearchBox() {
  return (
    <label class="partner-search screen-only">
      <span class="label">{t("partner.search")}</span>
      <input
        class="field"
        type="search"
        value={query.value.get("q") ?? ""}
        placeholder={t("partner.search_hint")}
        onInput={(event) => setQuery({ q: event.currentTarget.value }, { replace: true })}
      />
    </label>
  );
}

function List({ partners }: { partners: PartnerSummary[] }) {
  const q = query.value.get("q") ?? "";
  const shown = found(partners, q);
  return (
    <div class="partners-list">
      <SearchBox />
      <p class="soft small" role="status">
        {t("partner.shown", { n: shown.length, all: partners.length })}
      </p>
      {shown.length === 0 && <p class="leaf-empty">{t("partner.search_empty", { q })}</p>}
      {byCountry(shown).map((group) => (
        <Group key={group.country} group={group} />
      ))}
    </div>
  );
}

export function PartnersScreen() {
  const partners = useResource<{ partners: PartnerSummary[] }>(partnersUrl);
  useEffect(() => {
    document.title = `${t("partner.title")} · ${t("app.name")}`;
  });
  return (
    <Frame keepsPlace>
      <main class="leaf wide partners">
        <header class="leaf-head">
          <h1>{t("partner.title")}</h1>
          <p class="soft">{t("partner.intro")}</p>
        </header>
        <div class="leaf-aside">
          <Loaded of={partners}>{(data) => <OverviewMap partners={data.partners} />}</Loaded>
        </div>
        <div class="leaf-body">
          <Loaded of={partners}>{(data) => <List partners={data.partners} />}</Loaded>
        </div>
        <footer class="leaf-foot">
          <Attribution />
        </footer>
      </main>
    </Frame>
  );
}
