/** Photos and documents of rows: what is known of them, and what may be brought. */
import { ApiError } from "../../api/client";
import { STOPPED } from "../../api/upload";
import { t } from "../../i18n";
import { number } from "../../i18n/format";

export interface Evidence {
  sha256: string;
  media_type: string;
  original: boolean; // whether the reader gets the bytes as they were brought
  name: string | null;
  bytes: number | null;
  taken: string | null; // ISO 8601, when the camera says
}

export interface Accepted {
  media_types: string[];
  max_bytes: number;
  most: number; // files of one row
}

export interface Listing {
  files: Evidence[];
  accepted: Accepted;
}

const PDF = "application/pdf";
const MEGABYTE = 1024 * 1024;
const NAMES: Record<string, string> = {
  "image/jpeg": "JPEG",
  "image/png": "PNG",
  "image/webp": "WebP",
  [PDF]: "PDF",
};

export const isPicture = ({ media_type }: Evidence): boolean => media_type !== PDF;

/** `25 MB`, `340 kB`. */
export function sizeText(bytes: number): string {
  if (bytes >= MEGABYTE) return `${number(bytes / MEGABYTE, 1)} MB`;
  return `${number(Math.max(1, bytes / 1024), 0)} kB`;
}

/** What may be brought, in words. */
export function limitText({ media_types, max_bytes, most }: Accepted): string {
  const types = media_types.map((type) => NAMES[type] ?? type).join(", ");
  return t("evidence.limits", { types, size: sizeText(max_bytes), n: most });
}

/** Why a file is not even sent; null where it may be taken. */
export function flawOf(file: File, accepted: Accepted, held: number): string | null {
  if (held >= accepted.most) return t("evidence.too_many", { n: accepted.most });
  if (file.size === 0) return t("evidence.empty", { name: file.name });
  if (file.size > accepted.max_bytes)
    return t("evidence.too_large", {
      name: file.name,
      size: sizeText(file.size),
      most: sizeText(accepted.max_bytes),
    });
  if (file.type && !accepted.media_types.includes(file.type))
    return t("evidence.bad_type", { name: file.name });
  return null;
}

/** What went wrong with a file, in words; what the server says stands as it is. */
export function problemText(error: unknown, name: string): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.code === STOPPED) return t("evidence.cancelled", { name });
  if (error.offline) return t("evidence.offline", { name });
  const known = { file_type: "bad_type", file_empty: "empty", file_damaged: "damaged" } as const;
  const why = known[error.members.reason as keyof typeof known];
  return why ? t(`evidence.${why}`, { name }) : `${name}: ${error.detail}`;
}
