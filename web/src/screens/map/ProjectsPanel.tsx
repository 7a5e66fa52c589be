/** All projects, those without a place on the map too. */
import type { Feature } from "../../api/types";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { label, named } from "../../i18n/words";
import { Sign } from "../../map/Sign";
import { hatchedArea, projectSign } from "../../map/signs";
import { facetted } from "../../state/data";
import { select, selection } from "../../state/screen";
import { Empty, Loaded } from "../../ui/States";
import { amountsText } from "./facts";
import type { PanelProps } from "./PanelBody";

function Row({ project }: { project: Feature }) {
  const p = project.properties as Record<string, string | null>;
  const kind = p.finance_kind ?? "unknown";
  const exact = p.location_exactness === "exact";
  const more = [label("finance_kind", kind), p.province, amountsText(project.properties.amounts)];
  return (
    <li>
      <button
        type="button"
        class="list-row"
        data-row={`projects/${project.id}`}
        aria-current={selection.value?.id === project.id ? "true" : undefined}
        onClick={() => select({ layer: "projects", id: project.id })}
      >
        <Sign parts={exact ? projectSign(kind, null) : hatchedArea(kind, 10)} size={30} />
        <span>
          <span class="list-title">{named(p)}</span>
          <span class="small soft">{more.filter(Boolean).join(" · ")}</span>
          {!project.geometry && <span class="small soft"> · {t("projects.no_place")}</span>}
        </span>
      </button>
    </li>
  );
}

export function ProjectsPanel({ data }: PanelProps) {
  const resource = data.resources.projects;
  if (!resource) return null;
  return (
    <section aria-label={t("projects.title")}>
      <Loaded of={resource}>
        {(found) => {
          const projects = facetted("projects", found.features);
          return (
            <>
              <p class="both">
                <strong class="num">{number(projects.length)}</strong> {t("projects.count")}
              </p>
              {projects.length === 0 && <Empty>{t("list.empty")}</Empty>}
              <ul class="list">
                {projects.map((project) => (
                  <Row project={project} />
                ))}
              </ul>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
