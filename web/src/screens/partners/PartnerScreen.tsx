/** `/partners/{code}`: one partner province, with everything that the register holds of it. */
import { useMemo, useState } from "preact/hooks";
import type { Feature, FeatureCollection, Partner } from "../../api/types";
import { itemsUrl, partnerUrl } from "../../api/urls";
import { lang, t } from "../../i18n";
import { named } from "../../i18n/words";
import { href } from "../../router";
import { useResource } from "../../state/resource";
import { CopyButton } from "../../ui/CopyButton";
import { kmText, text } from "../page/format";
import { PageOf } from "../page/PageOf";
import { Section, Sheet } from "../page/Sheet";
import { indexSources, Sourced, SourceList } from "../page/Sources";
import { AgreementSection, ExchangeSection } from "./Cooperation";
import { FigureSection } from "./FigureSection";
import { PartnerFigures } from "./PartnerFigures";
import { PartnerMap } from "./PartnerMap";
import { CorridorSection, GateSection, ProjectSection } from "./Places";
import { countryOf, embedCode, homeFaces, otherFaces, scriptOf, versionsById } from "./summary";
import "./partners.css";

/** Every sourced row of a partner, in the order in which the page shows them. */
export function sourcedRows(partner: Partner): Feature["properties"][] {
  const collections = [partner.borders, partner.gates, partner.corridors, partner.projects];
  const features = [partner.unit, ...collections.flatMap((one) => one.features)];
  const tables = [partner.agreements, partner.commitments, partner.exchanges, partner.indicators];
  return [...features.map((feature) => feature.properties), ...tables.flat()];
}

export function countryName(partner: { country: string }): string {
  const country = countryOf(partner.country);
  return country ? t(`partner.country.${country}`) : partner.country;
}

function Lead({ partner }: { partner: Partner }) {
  const other = lang.value === "vi" ? partner.name_en : partner.name_vi;
  const faces = homeFaces(partner.faces).map((face) =>
    face.length_km ? `${named(face)} (${kmText(face.length_km)})` : named(face),
  );
  const others = otherFaces(partner.faces).map((face) => named(face));
  return (
    <div class="partner-lead">
      <p class="partner-other-names">
        {other !== named(partner) && <span lang={lang.value === "vi" ? "en" : "vi"}>{other}</span>}
        {partner.name_local && <span lang={scriptOf(partner.country)}>{partner.name_local}</span>}
      </p>
      {faces.length > 0 && <p>{t("partner.faces", { names: faces.join(", ") })}</p>}
      {faces.length === 0 && <p>{t("partner.faces_none")}</p>}
      {others.length > 0 && (
        <p class="soft small">
          {t(faces.length ? "partner.faces_also" : "partner.borders", { names: others.join(", ") })}
        </p>
      )}
    </div>
  );
}

function Embed({ partner }: { partner: Partner }) {
  const title = `${named(partner)} · ${t("app.name")}`;
  const code = embedCode(location.origin, partner.code, lang.value, title);
  return (
    <div class="embed-code screen-only">
      <p>{t("embed.how")}</p>
      <textarea class="field" readOnly rows={4} value={code} aria-label={t("embed.code")} />
      <CopyButton text={code} words={t("embed.copy")} />
    </div>
  );
}

function PartnerSheet({ partner }: { partner: Partner }) {
  const [embedding, setEmbedding] = useState(false);
  const sources = useMemo(() => indexSources(sourcedRows(partner), partner.sources), [partner]);
  const ids = partner.gates.features.map((gate) => gate.id).join(",");
  const history = useResource<FeatureCollection>(
    ids ? itemsUrl("gates", { id: ids, datetime: "../.." }) : null,
  );
  const versions = useMemo(() => versionsById(history.data?.features ?? []), [history.data]);
  return (
    <Sourced.Provider value={sources}>
      <Sheet
        wide
        path={`/partners/${partner.code}`}
        kind={[t("partner.kind"), countryName(partner), partner.code].join(" · ")}
        title={named(partner)}
        back={{ href: href("/partners"), words: t("partner.title") }}
        lead={<Lead partner={partner} />}
        actions={
          <button
            type="button"
            class="button"
            aria-expanded={embedding}
            onClick={() => setEmbedding(!embedding)}
          >
            {t("embed.button")}
          </button>
        }
        first={
          <>
            {embedding && <Embed partner={partner} />}
            <PartnerFigures partner={partner} />
          </>
        }
        aside={<PartnerMap partner={partner} />}
      >
        <GateSection gates={partner.gates.features} versions={versions} />
        <CorridorSection segments={partner.corridors.features} />
        <ProjectSection projects={partner.projects.features} />
        <AgreementSection agreements={partner.agreements} commitments={partner.commitments} />
        <ExchangeSection exchanges={partner.exchanges} />
        <FigureSection indicators={partner.indicators} />
        <Section title={t("page.sources")}>
          <SourceList />
        </Section>
      </Sheet>
    </Sourced.Provider>
  );
}

export function PartnerScreen({ code }: { code: string }) {
  const partner = useResource<Partner>(partnerUrl(code));
  return (
    <PageOf of={partner} asked={code} back={{ path: "/partners", words: t("partner.title") }}>
      {(data) => <PartnerSheet key={text(data.code)} partner={data} />}
    </PageOf>
  );
}
