/** A job as `/api/jobs` tells it. */
import { number } from "../../i18n/format";

export interface Job {
  id: string;
  kind: string;
  title: { vi: string; en: string };
  actor: string; // id of whose it is
  by: string; // his login
  given: {
    layer?: string;
    f?: string;
    file?: string; // name of what is imported
    import?: string; // id of the upload, or of the import that is undone
    query?: Record<string, string>;
  };
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  cancelling: boolean;
  progress: { done: number; of: number | null; vi: string; en: string };
  made: string; // ISO 8601, UTC
  result: { name?: string; bytes?: number; import?: string; written?: object } | null;
  problem: { code: string; detail?: string } | null;
  links: { rel: string; href: string }[];
}

const MB = 1_000_000; // bytes
const KB = 1_000;

/** Where the file lies that came of a job, and the screen on which it goes on. */
export function links(job: Job): { file: string | null; screen: string | null } {
  const href = job.links.find(({ rel }) => rel === "enclosure")?.href;
  const id = job.result?.import ?? job.given.import;
  return {
    file: href ? new URL(href, "http://host").pathname : null,
    screen: id ? `/import/${id}` : null,
  };
}

export function sizeText({ result }: Job): string {
  const bytes = result?.bytes ?? 0;
  return bytes >= MB ? `${number(bytes / MB, 1)} MB` : `${number(bytes / KB, 0)} kB`;
}
