/** `/projects/{id}`: one investment or aid project. */
import { useMemo } from "preact/hooks";
import type { Feature, Properties } from "../../api/types";
import { itemUrl } from "../../api/urls";
import { t } from "../../i18n";
import { localText, named } from "../../i18n/words";
import { Sign } from "../../map/Sign";
import { projectSign } from "../../map/signs";
import { href } from "../../router";
import { useResource } from "../../state/resource";
import { amountLines } from "./amounts";
import { useSurroundings } from "./context";
import { FactList } from "./Facts";
import { fieldTitle, preciseDate, text, wordOf } from "./format";
import { PageMap } from "./PageMap";
import { PageOf } from "./PageOf";
import { IndicativeNotice, PlaceFacts } from "./Place";
import { partyLines } from "./parties";
import { Section, Sheet } from "./Sheet";
import { Sourced, SourceList } from "./Sources";
import { Story, type StoryEntry } from "./Story";
import {
  areaOf,
  borderOf,
  islandsOf,
  lineLegend,
  pointOf,
  projectLegend,
  projectPoints,
} from "./sketch/build";
import { boxAround } from "./sketch/projection";
import { useSources } from "./useSources";

const AROUND_KM = 40; // of the small map, to each side

function ProjectMap({ project }: { project: Feature }) {
  const at = pointOf(project);
  const box = useMemo(() => at && boxAround(at, AROUND_KM), [at]);
  const around = useSurroundings(box);
  const sketch = useMemo(() => {
    const lines = around.borders.map(borderOf);
    return {
      title: t("page.map.of", { name: named(project.properties) }),
      bbox: box ?? [0, 0, 0, 0],
      areas: around.units.map((unit) => areaOf(unit, "other")),
      lines,
      points: projectPoints([project], project.id),
      legend: [...projectLegend([project]), ...lineLegend(lines)],
      islands: islandsOf(around.islands),
    };
  }, [around, box, project]);
  const overlays = useMemo(
    () => ({
      units: around.units,
      borders: around.borders,
      islands: around.islands,
      projects: [project],
    }),
    [around, project],
  );
  if (!box) return <p class="leaf-empty">{t("page.project_unlocated")}</p>;
  return (
    <PageMap sketch={sketch} overlays={overlays} selected={{ role: "projects", id: project.id }} />
  );
}

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
  const sources = useSources([p]);
  return (
    <Sourced.Provider value={sources}>
      <Sheet
        path={`/projects/${project.id}`}
        kind={t("page.project")}
        title={named(p)}
        back={{ href: href("/", { sel: `projects/${project.id}` }), words: t("app.back_to_map") }}
        lead={<p>{text(p.province)}</p>}
      >
        <Money project={project} />
        <IndicativeNotice feature={project} />
        <ProjectMap project={project} />
        <Section title={t("page.where")}>
          <PlaceFacts feature={project} layer="projects" />
        </Section>
        <Section title={t("page.facts")}>
          <ProjectFacts project={project} />
        </Section>
        <Section title={t("page.story")}>
          <Story entries={storyOf(p)} />
        </Section>
        <Section title={t("page.sources")}>
          <SourceList />
        </Section>
      </Sheet>
    </Sourced.Provider>
  );
}

export function ProjectPage({ id }: { id: string }) {
  const project = useResource<Feature>(itemUrl("projects", id));
  return (
    <PageOf of={project} asked={id} back={{ path: "/", words: t("app.back_to_map") }}>
      {(data) => <ProjectSheet key={data.id} project={data} />}
    </PageOf>
  );
}
