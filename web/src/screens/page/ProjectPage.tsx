/** `/projects/{id}`: one investment or aid project. */
import type { Feature, Properties } from "../../api/types";
import { t } from "../../i18n";
import { localText, named } from "../../i18n/words";
import { Sign } from "../../map/Sign";
import { projectSign } from "../../map/signs";
import { amountLines } from "./amounts";
import { FactList } from "./Facts";
import { fieldTitle, preciseDate, text, wordOf } from "./format";
import { ItemPage, ItemSheet } from "./ItemPage";
import { PlaceMap } from "./PlaceMap";
import { partyLines } from "./parties";
import { Story, type StoryEntry } from "./Story";
import { projectLegend, projectPoints } from "./sketch/build";

const AROUND_KM = 40; // of the small map, to each side

function storyOf(p: Properties): StoryEntry[] {
  const dated = (key: "start_date" | "end_date"): StoryEntry[] =>
    p[key]
      ? [
          {
            key,
            sort: text(p[key]),
            when: preciseDate(text(p[key]), null),
            what: fieldTitle("projects", key),
            details: [],
            row: p,
          },
        ]
      : [];
  const stated: StoryEntry[] = p.dates_text
    ? [
        {
          key: "stated",
          sort: "",
          when: t("page.as_stated"),
          what: text(p.dates_text),
          details: [],
          row: p,
        },
      ]
    : [];
  return [...dated("start_date"), ...dated("end_date"), ...stated];
}

function ProjectFacts({ project }: { project: Feature }) {
  const p = project.properties;
  const title = (name: string) => fieldTitle("projects", name);
  const word = (name: string) => wordOf("projects", name, p[name]);
  return (
    <FactList
      facts={[
        [title("sector"), word("sector")],
        [title("capacity"), text(p.capacity)],
        [title("parties"), partyLines(p.parties).join("; ")],
        [title("province"), text(p.province)],
        [title("location_exactness"), word("location_exactness")],
        [title("iati_identifier"), text(p.iati_identifier)],
        [title("confidence"), word("confidence")],
        [title("note"), localText(p, "note")],
      ]}
    />
  );
}

function Money({ project }: { project: Feature }) {
  const p = project.properties;
  const usd = typeof p.amount_usd === "number" ? p.amount_usd : null;
  const lines = amountLines(p);
  return (
    <div class="head-sign">
      <Sign parts={projectSign(text(p.finance_kind), usd)} size={40} />
      <div>
        {lines.length === 0 && <div class="head-value">{t("page.amount_unknown")}</div>}
        {lines.map((line) => (
          <div key={line} class="head-value num">
            {line}
          </div>
        ))}
        <div class="small soft">
          {[
            wordOf("projects", "finance_kind", p.finance_kind),
            wordOf("projects", "status", p.status),
          ]
            .filter(Boolean)
            .join(" · ")}
        </div>
      </div>
    </div>
  );
}

function ProjectSheet({ project }: { project: Feature }) {
  const p = project.properties;
  return (
    <ItemSheet
      layer="projects"
      feature={project}
      kind={t("page.project")}
      title={named(p)}
      lead={text(p.province)}
      head={<Money project={project} />}
      map={
        <PlaceMap
          of={project}
          layer="projects"
          name={named(p)}
          km={AROUND_KM}
          points={projectPoints}
          legend={projectLegend}
          none={<p class="leaf-empty">{t("page.project_unlocated")}</p>}
        />
      }
      facts={<ProjectFacts project={project} />}
      story={{ title: t("page.story"), body: <Story entries={storyOf(p)} /> }}
    />
  );
}

export function ProjectPage({ id }: { id: string }) {
  return (
    <ItemPage layer="projects" id={id}>
      {(data) => <ProjectSheet key={data.id} project={data} />}
    </ItemPage>
  );
}
