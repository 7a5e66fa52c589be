import { useEffect, useState } from "preact/hooks";

const WIDE = "(min-width: 1024px)"; // desk; below it the phone's layout

export function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const media = matchMedia(WIDE);
    const follow = () => {
      if (!matchMedia("print").matches) setWide(media.matches); // a sheet of paper is no phone
    };
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);
  return wide;
}
