/** What was found: where, which value, and why it is not right. */
import { t } from "../../i18n";
import type { Finding } from "./types";
import { reason, where } from "./words";
import "./import.css";

function One({ finding }: { finding: Finding }) {
  const at = where(finding);
  return (
    <li class={`import-finding ${finding.level}`}>
      <span class="import-level">{t(`import.level.${finding.level}`)}</span>{" "}
      {at && <strong>{at}: </strong>}
      {finding.value !== null && <q class="break">{finding.value}</q>} {reason(finding)}
    </li>
  );
}

export function Findings({ of, notice = false }: { of: Finding[]; notice?: boolean }) {
  if (!of.length) return null;
  return (
    <ul class={notice ? "import-findings notice" : "import-findings"}>
      {of.map((finding, i) => (
        <One key={i} finding={finding} />
      ))}
    </ul>
  );
}
