/** What comes first on a partner's page: the border, the gates, the projects, the agreements. */
import type { ComponentChildren } from "preact";
import { NO_VALUE } from "../../api/cql2";
import type { Partner, Properties } from "../../api/types";
import { t } from "../../i18n";
import { date, number } from "../../i18n/format";
import { today } from "../../i18n/words";
import { type Figure, KeyFigures } from "../page/Facts";
import { kmText, wordOf } from "../page/format";
import { Ref } from "../page/Sources";
import { homeFaces, totalsOf } from "./summary";

function counted(words: string): ComponentChildren {
  const basis = t("partner.counted", { date: date(today.value) });
  return words ? (
    <>
      {words}
      <br />
      {basis}
    </>
  ) : (
    basis
  );
}

function shares(counts: Record<string, number>, layer: string, name: string): string {
  const words = (value: string) =>
    value === NO_VALUE ? t("common.unknown") : wordOf(layer, name, value);
  return Object.entries(counts)
    .map(([value, n]) => `${words(value)}: ${n}`)
    .join(" · ");
}

function borderFigure(partner: Partner, km: number | null): Figure {
  if (!homeFaces(partner.faces).length) {
    return { unit: t("partner.border"), value: "–", note: t("partner.border_none") };
  }
  const first: Properties = partner.borders.features[0]?.properties ?? {};
  return {
    unit: t("partner.border"),
    value: km === null ? t("common.unknown") : kmText(km),
    note: (
      <>
        {t("partner.border_measured")} <Ref row={first} />
      </>
    ),
  };
}

/** The four figures; on another site the first three are enough. */
export function figuresOf(partner: Partner): Figure[] {
  const totals = totalsOf(partner);
  return [
    borderFigure(partner, totals.border_km),
    {
      unit: t("partner.gates"),
      value: number(partner.gates.features.length),
      note: counted(shares(totals.gates, "gates", "gate_class")),
    },
    {
      unit: t("partner.projects"),
      value: number(partner.projects.features.length),
      note: counted(shares(totals.projects, "projects", "finance_kind")),
    },
    {
      unit: t("partner.agreements"),
      value: number(partner.agreements.length),
      note: counted(t("partner.commitments_count", { n: number(partner.commitments.length) })),
    },
  ];
}

export function PartnerFigures({ partner }: { partner: Partner }) {
  return (
    <>
      <KeyFigures figures={figuresOf(partner)} />
      <p class="small soft">{t("partner.counted_note")}</p>
    </>
  );
}
