import { useEffect, useState } from "preact/hooks";

/** `value`, once it has stayed the same for `wait` ms. */
export function useDelayed<T>(value: T, wait: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return settled;
}
