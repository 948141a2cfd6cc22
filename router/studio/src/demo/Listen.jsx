// The tracks, the player, and the history beside them.
import { useCallback, useEffect, useState } from "react";
import { History } from "./History.jsx";
import { asTime, byWhom, fetchHistory, fetchTracks, isOurs } from "./listen.js";
import { tellPlays } from "./plays.js";
import { useSound } from "./useSound.js";

export function Listen({ onLeave }) {
  const [listed, setListed] = useState({ tracks: null, problem: null });
  const [history, setHistory] = useState(undefined);
  const leaves = useCallback((error) => onLeave(error.message), [onLeave]); // The login is over.
  const look = useCallback(
    () => Promise.all([fetchTracks().then(setListed), fetchHistory().then(setHistory)]).catch(leaves),
    [leaves],
  );
  const { audio, state, events, play, stop } = useSound(look);
  useEffect(() => {
    tellPlays().then(look, leaves); // Those of the last visit, if it could not tell them.
  }, [look, leaves]);

  const { track, status, trouble, problem } = state;
  return (
    <div className="listen">
      <section className="card" aria-labelledby="tracks">
        <h1 id="tracks">Tracks</h1>
        {listed.problem && <p role="alert" className="problem">Not everything is here: {listed.problem} <button type="button" onClick={look}>Ask again</button></p>}
        {listed.tracks === null ? <p>Loading…</p> : <Tracks tracks={listed.tracks} playing={track} onPlay={play} />}
        <div className="player" role="region" aria-label="Player">
          <audio ref={audio} controls preload="auto" aria-label={track ? `${track.title} by ${byWhom(track)}` : "Nothing is playing"} {...events} />
          <p role="status">{problem ? "" : (trouble ?? status)}</p>
          {problem && <p role="alert" className="problem">{problem} {track && <button type="button" onClick={() => play(track)}>Try again</button>}</p>}
        </div>
      </section>
      <History history={history} onRefresh={look} />
      <p><button type="button" onClick={() => stop().then(() => onLeave(null))}>Log out</button></p>
    </div>
  );
}

function Tracks({ tracks, playing, onPlay }) {
  return (
    <ul className="tracks">
      {tracks.map((track) => (
        <li key={track.id}>
          {isOurs(track.album.coverUrl) && <img src={track.album.coverUrl} alt="" width="56" height="56" />}
          <span className="what">
            <strong>{track.title}</strong>
            <span className="quiet">{byWhom(track)} · {track.album.title} · {asTime(track.durationSeconds)}{track.playCount === null ? "" : ` · ${track.playCount} plays`}</span>
          </span>
          <button type="button" className="main" aria-current={playing?.id === track.id ? "true" : undefined} aria-label={`Play ${track.title} by ${byWhom(track)}`} onClick={() => onPlay(track)}>
            Play
          </button>
        </li>
      ))}
    </ul>
  );
}
