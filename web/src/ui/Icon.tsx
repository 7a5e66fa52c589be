/** Line icons of 24 × 24 px, drawn here so that no file or font has to be fetched. */
const PATHS = {
  map: "M9 4 3 6.5v13L9 17l6 3 6-2.5v-13L15 7zM9 4v13m6-10v13",
  progress: "M4 20V10m6 10V4m6 16v-8m5 8H2",
  corridor: "M4 20 9 4m11 16L15 4m-3 1v3m0 3v3m0 3v3",
  partners:
    "M8 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7m-6 9c0-4 2.5-6 6-6s6 2 6 6m1-9a3 3 0 1 0 0-6m2 9c3 .5 5 2.5 5 6",
  projects: "M4 9h16v11H4zm5 0V5h6v4M4 14h16",
  cooperation: "m3 12 5-5 4 3 4-3 5 5-7 7-2-2-2 2z",
  connect: "M9 15l6-6m-3-4 2-2a4 4 0 0 1 6 6l-2 2m-6 6-2 2a4 4 0 0 1-6-6l2-2",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  add: "M12 5v14M5 12h14",
  camera: "M3 8h4l2-3h6l2 3h4v12H3zM12 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8",
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8m-8 9c0-4.500 3.500-6 8-6s8 1.500 8 6",
  close: "M6 6l12 12M18 6 6 18",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14m5-2 5 5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "m5 12 5 5 9-10",
  download: "M12 4v11m-5-5 5 5 5-5M4 20h16",
  upload: "M12 20V9m-5 5 5-5 5 5M4 4h16",
  jobs: "M4 5h10M4 12h16M4 19h7m8-16v4h-4",
  back: "M15 5l-7 7 7 7",
  forward: "m9 5 7 7-7 7",
  theme: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  list: "M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01",
  filter: "M3 5h18l-7 8v6l-4 2v-8z",
  page: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6m-6 4h6",
  more: "M5 13a1 1 0 1 0 0-2 1 1 0 0 0 0 2m7 0a1 1 0 1 0 0-2 1 1 0 0 0 0 2m7 0a1 1 0 1 0 0-2 1 1 0 0 0 0 2",
  up: "m5 15 7-7 7 7",
  down: "m5 9 7 7 7-7",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
