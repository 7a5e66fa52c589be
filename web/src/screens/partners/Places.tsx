/** Gates, corridor segments and projects of a partner's page. */
import type { Feature } from "../../api/types";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { localText, named } from "../../i18n/words";
import { Sign } from "../../map/Sign";
import { gateSign, projectSign } from "../../map/signs";
import { href } from "../../router";
import { amountLines } from "../page/amounts";
import { kmText, periodText, spanText, text, texts, wordOf } from "../page/format";
import { MarkerLinks } from "../page/MarkerLinks";
import { Section } from "../page/Sheet";
import { Ref } from "../page/Sources";
import { classPeriods } from "./summary";

function joined(parts: unknown[]): string {
  return parts.filter(Boolean).map(text).filter(Boolean).join(" · ");
}

/** The classes that a gate had and when; only where it had more than one. */
export function ClassHistory({ versions }: { versions: Feature[] }) {
  const periods = classPeriods(versions);
  if (periods.length < 2) return null;
  return (
    <ul class="leaf-history small">
      {periods.map(({ properties }) => (
        <li key={text(properties.valid_from)}>
          <span class="num">
            {periodText(text(properties.valid_from) || null, text(properties.valid_to) || null)}
          </span>
          : {wordOf("gates", "gate_class", properties.gate_class)} <Ref row={properties} />
        </li>
      ))}
    </ul>
  );
}

function Gate({ gate, versions }: { gate: Feature; versions: Feature[] }) {
  const { id, properties: p } = gate;
  const roads = [p.road_vn, p.road_other].map(text).filter(Boolean).join(", ");
  const markers = texts(p.markers);
  return (
    <li class="leaf-entry">
      <Sign parts={gateSign(text(p.gate_class) || "unknown")} />
      <div>
        <a href={href(`/gates/${id}`)}>
          <strong>{named(p)}</strong>
          {p.counterpart_name ? ` – ${text(p.counterpart_name)}` : ""}
        </a>{" "}
        <Ref row={p} />
        <div>{wordOf("gates", "gate_class", p.gate_class)}</div>
        <div class="small soft">
          {joined([
            p.province,
            roads && t("partner.roads", { roads }),
            gate.geometry ? "" : t("page.no_position"),
          ])}
          {markers.length > 0 && (
            <>
              {" · "}
              {t("partner.at_marker")} <MarkerLinks ids={markers} />
            </>
          )}
        </div>
        {localText(p, "class_note") ? <div class="small">{localText(p, "class_note")}</div> : null}
        {p.proposal ? (
          <div class="small">{t("partner.proposal", { text: text(p.proposal) })}</div>
        ) : null}
        <ClassHistory versions={versions} />
      </div>
    </li>
  );
}

export function GateSection(props: { gates: Feature[]; versions: Map<string, Feature[]> }) {
  return (
    <Section title={t("partner.gates")} count={props.gates.length} empty={t("partner.gates_empty")}>
      <ul class="leaf-entries">
        {props.gates.map((gate) => (
          <Gate key={gate.id} gate={gate} versions={props.versions.get(gate.id) ?? []} />
        ))}
      </ul>
    </Section>
  );
}

interface CorridorPart {
  id: string;
  segments: Feature[];
}

/** Segments gathered by corridor, in their order along it. */
export function byCorridor(segments: readonly Feature[]): CorridorPart[] {
  const groups = new Map<string, Feature[]>();
  const seq = (f: Feature) => Number(f.properties.seq ?? 0);
  for (const segment of [...segments].sort((a, b) => seq(a) - seq(b))) {
    const id = text(segment.properties.corridor_id);
    groups.set(id, [...(groups.get(id) ?? []), segment]);
  }
  return [...groups].map(([id, list]) => ({ id, segments: list }));
}

const isLength = (value: unknown): value is number => typeof value === "number";

function Length({ km }: { km: unknown }) {
  return <td class="num leaf-number">{isLength(km) ? kmText(km) : "–"}</td>;
}

function Segment({ segment, published }: { segment: Feature; published: boolean }) {
  const p = segment.properties;
  return (
    <tr>
      <td>
        {named(p)} <Ref row={p} />
      </td>
      <td>{text(p.road)}</td>
      {published && <Length km={p.length_published_km} />}
      <Length km={p.length_measured_km} />
    </tr>
  );
}

function Corridor({ part }: { part: CorridorPart }) {
  const first = part.segments[0]?.properties ?? {};
  const published = part.segments.some((s) => isLength(s.properties.length_published_km));
  const schematic = part.segments.some((s) => s.properties.geometry_quality === "schematic");
  return (
    <div class="corridor-part">
      <h3>
        <a href={href("/corridors", { corridor: part.id })}>
          {named(first, "corridor_name") || part.id}
        </a>
      </h3>
      <div class="scroll-x">
        <table class="leaf-table">
          <thead>
            <tr>
              <th>{t("partner.segment")}</th>
              <th>{t("partner.road")}</th>
              {published && <th class="leaf-number">{t("partner.length_published")}</th>}
              <th class="leaf-number">{t("partner.length_measured")}</th>
            </tr>
          </thead>
          <tbody>
            {part.segments.map((segment) => (
              <Segment key={segment.id} segment={segment} published={published} />
            ))}
          </tbody>
        </table>
      </div>
      {schematic && <p class="small soft">{t("partner.schematic")}</p>}
    </div>
  );
}

export function CorridorSection({ segments }: { segments: Feature[] }) {
  const parts = byCorridor(segments);
  return (
    <Section
      title={t("partner.corridors")}
      count={parts.length}
      empty={t("partner.corridors_empty")}
    >
      {parts.map((part) => (
        <Corridor key={part.id} part={part} />
      ))}
    </Section>
  );
}

function Project({ project }: { project: Feature }) {
  const { id, properties: p } = project;
  const usd = typeof p.amount_usd === "number" ? p.amount_usd : null;
  const amounts = amountLines(p);
  return (
    <li class="leaf-entry">
      <Sign parts={projectSign(text(p.finance_kind), usd)} />
      <div>
        <a href={href(`/projects/${id}`)}>
          <strong>{named(p)}</strong>
        </a>{" "}
        <Ref row={p} />
        <div class="num">{amounts.length ? amounts.join(" · ") : t("page.amount_unknown")}</div>
        <div class="small soft">
          {joined([
            wordOf("projects", "finance_kind", p.finance_kind),
            p.status !== "unknown" && wordOf("projects", "status", p.status),
            wordOf("projects", "sector", p.sector),
            spanText(p.start_date, p.end_date, p.dates_text),
            p.province,
          ])}
        </div>
      </div>
    </li>
  );
}

export function ProjectSection({ projects }: { projects: Feature[] }) {
  return (
    <Section
      title={t("partner.projects")}
      count={projects.length}
      empty={t("partner.projects_empty")}
    >
      <ul class="leaf-entries">
        {projects.map((project) => (
          <Project key={project.id} project={project} />
        ))}
      </ul>
      {projects.length > 1 && (
        <p class="small soft">{t("partner.projects_note", { n: number(projects.length) })}</p>
      )}
    </Section>
  );
}
