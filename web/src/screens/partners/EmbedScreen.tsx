/** `/partners/{code}/embed`: one partner in a frame of another site. Light, and without controls. */
import { useMemo } from "preact/hooks";
import type { Partner } from "../../api/types";
import { partnerUrl } from "../../api/urls";
import { lang, t } from "../../i18n";
import { named } from "../../i18n/words";
import { useResource } from "../../state/resource";
import { Loaded } from "../../ui/States";
import { useIslands } from "../page/context";
import { KeyFigures } from "../page/Facts";
import { pageUrl } from "../page/Paper";
import { Attribution } from "../page/Sheet";
import { SketchMap } from "../page/sketch/SketchMap";
import { figuresOf } from "./PartnerFigures";
import { partnerSketch } from "./PartnerMap";
import { countryName } from "./PartnerScreen";
import { scriptOf } from "./summary";
import "../page/page.css";
import "./partners.css";

const FIGURES = 3;

function Card({ partner }: { partner: Partner }) {
  const islands = useIslands();
  const sketch = useMemo(() => partnerSketch(partner, [], islands), [partner, islands, lang.value]);
  return (
    <main class="embed">
      <header>
        <h1>{named(partner)}</h1>
        <p>
          <span class="local" lang={scriptOf(partner.country)}>
            {partner.name_local}
          </span>{" "}
          <span class="soft">
            {countryName(partner)} · {partner.code}
          </span>
        </p>
      </header>
      <SketchMap sketch={sketch} width={480} height={300} />
      <KeyFigures figures={figuresOf(partner).slice(0, FIGURES)} />
      <footer>
        <a href={pageUrl(`/partners/${partner.code}`)} target="_blank" rel="noopener">
          {t("embed.full")}
        </a>
        <Attribution />
      </footer>
    </main>
  );
}

export function EmbedScreen({ code }: { code: string }) {
  const partner = useResource<Partner>(partnerUrl(code));
  return <Loaded of={partner}>{(data) => <Card partner={data} />}</Loaded>;
}
