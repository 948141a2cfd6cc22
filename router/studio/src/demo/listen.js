// What the page shows of the graph: the tracks that have sound, and what was listened to last.
import { ask, demoTracks } from "./graph.js";

const FIELDS = "id title durationSeconds playCount album { title coverUrl } artists { artist { name } }";
const HISTORY = `{ me { id playbackHistory(first: 5) { totalCount nodes {
  startedAt listenedSeconds isCounted track { title } } } } }`;

// The tracks that answered, and what is wrong with the rest.
export async function fetchTracks() {
  const names = demoTracks.map((_, place) => `t${place}`);
  const wanted = names.map((name) => `${name}: track(id: $${name}) { ${FIELDS} }`);
  const text = `query Tracks(${names.map((name) => `$${name}: ID!`)}) { ${wanted.join(" ")} }`;
  const { data, problem } = await ask(text, Object.fromEntries(names.map((name, place) => [name, demoTracks[place]])));
  return { tracks: names.map((name) => data?.[name]).filter(Boolean), problem };
}

export async function fetchHistory() {
  const { data, problem } = await ask(HISTORY);
  return data?.me?.playbackHistory ?? (problem ? null : { totalCount: 0, nodes: [] });
}

// The page shows and asks nothing of other hosts: a cover that lies elsewhere is left out.
export const isOurs = (url) => new URL(url, location.href).origin === location.origin;
export const byWhom = (track) => track.artists.map((one) => one.artist.name).join(", ");
export const asTime = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
