/** All projects, those without a place on the map too. */
import type { Feature } from "../../api/types";
import { t } from "../../i18n";
import { number } from "../../i18n/format";
import { label } from "../../i18n/words";
import { facetted } from "../../state/data";
import { Empty, Loaded } from "../../ui/States";
import { amountTexts } from "../page/amounts";
import { ListRow } from "./ListRow";
import type { PanelProps } from "./PanelBody";

function moreOf({ properties, geometry }: Feature): (string | null | undefined)[] {
  const { finance_kind, province } = properties as Record<string, string | null>;
  const sums = amountTexts(properties.amounts).join("; ");
  return [
    label("finance_kind", finance_kind),
    province,
    sums,
    geometry ? "" : t("projects.no_place"),
  ];
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
                  <ListRow layer="projects" feature={project} more={moreOf(project)} />
                ))}
              </ul>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
