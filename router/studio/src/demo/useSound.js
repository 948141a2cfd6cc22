// The audio element's life: one track at a time, what it is at in words, and its play told when it is over.
import { useCallback, useEffect, useRef, useState } from "react";
import { openSound } from "./sound.js";
import { Listening, tellPlays } from "./plays.js";

const SILENT = { track: null, status: "", trouble: null, problem: null };

export function useSound(onTold) {
  const audio = useRef(null);
  const now = useRef({ turn: 0, close: null, listening: null });
  const [state, setState] = useState(SILENT);

  const tell = useCallback(async () => {
    const problem = await tellPlays();
    if (problem) setState((before) => ({ ...before, problem: `Your play could not be told: ${problem}` }));
    onTold();
  }, [onTold]);

  const stop = useCallback(() => {
    const { close, listening } = now.current;
    now.current = { turn: now.current.turn + 1, close: null, listening: null };
    audio.current?.pause();
    close?.();
    setState(SILENT);
    return listening?.stop() ? tell() : Promise.resolve();
  }, [tell]);

  const play = useCallback(
    async (track) => {
      stop();
      const { turn } = now.current;
      const isOver = () => now.current.turn !== turn;
      const told = (change) => isOver() || setState((before) => ({ ...before, ...change }));
      told({ track, status: `Loading ${track.title}…`, trouble: null, problem: null });
      try {
        const close = await openSound(audio.current, track.id, told);
        if (isOver()) return close();
        now.current = { turn, close, listening: new Listening(audio.current, track.id) };
        await audio.current.play();
      } catch (error) {
        if (error.name === "NotAllowedError") told({ status: "Press play in the player." });
        else if (error.name !== "AbortError") told({ status: "", problem: error.message });
      }
    },
    [stop],
  );

  useEffect(() => {
    const left = () => now.current.listening?.finish() && tellPlays({ keepalive: true });
    window.addEventListener("pagehide", left);
    return () => window.removeEventListener("pagehide", left);
  }, []);

  const { track } = state;
  const say = (status) => setState((before) => ({ ...before, status }));
  const events = track && {
    onPlaying: () => say(`Playing ${track.title}.`),
    onPause: () => say(`${track.title} is paused.`),
    onEnded: () => {
      say(`${track.title} is over.`);
      if (now.current.listening?.finish()) tell();
    },
  };
  return { audio, state, events: events ?? {}, play, stop };
}
