// What was listened to, told to the graph when a play is over. Until it has answered a play is kept in this browser
// and told again: it has an id of its own, by which it is the same play however often it comes.
import { ask, serverNow, whoIsLoggedIn } from "./graph.js";

const RECORD = `mutation($input: RecordPlaysInput!) { recordPlays(input: $input) {
  plays { recorded known } errors { message } } }`;
const MOST_AT_ONCE = 500;
const GAP = 5;

const keyOf = (user) => `plait:demo-plays:${user.id}`;
const kept = (user) => JSON.parse(localStorage.getItem(keyOf(user)) ?? "[]");

function keepOnly(user, plays) {
  if (plays.length) localStorage.setItem(keyOf(user), JSON.stringify(plays));
  else localStorage.removeItem(keyOf(user));
}

// One track's play, from the audio element's clock: what was skipped or played faster was not listened to.
export class Listening {
  #audio;
  #trackId;
  #play = null;
  #at = null;

  constructor(audio, trackId) {
    this.#audio = audio;
    this.#trackId = trackId;
    audio.addEventListener("timeupdate", this.#heard);
    audio.addEventListener("seeking", this.#skipped);
    audio.addEventListener("pause", this.#heard);
  }

  #skipped = () => (this.#at = null);

  #heard = () => {
    const now = { place: this.#audio.currentTime, clock: performance.now() / 1000 };
    const passed = this.#at && Math.min(now.place - this.#at.place, now.clock - this.#at.clock);
    this.#at = this.#audio.paused || this.#audio.seeking ? null : now;
    if (!passed || passed <= 0 || passed > GAP) return;
    this.#play ??= { clientId: newId(), trackId: this.#trackId, startedAt: new Date(serverNow()).toISOString(), seconds: 0 };
    this.#play.seconds += passed;
  };

  // Puts it among what is to be told; whether there is anything.
  finish() {
    const play = this.#play;
    this.#play = this.#at = null;
    const listenedSeconds = Math.round(play?.seconds ?? 0);
    if (!listenedSeconds || !whoIsLoggedIn()) return false;
    const { clientId, trackId, startedAt } = play;
    keepOnly(whoIsLoggedIn(), [...kept(whoIsLoggedIn()), { clientId, trackId, startedAt, listenedSeconds, platform: "WEB" }]);
    return true;
  }

  stop() {
    for (const [name, heard] of [["timeupdate", this.#heard], ["seeking", this.#skipped], ["pause", this.#heard]]) this.#audio.removeEventListener(name, heard);
    return this.finish();
  }
}

// Tells all there is; what is refused for good is dropped. Gives what is wrong, or null.
export async function tellPlays(options) {
  const user = whoIsLoggedIn();
  const plays = user ? kept(user).slice(0, MOST_AT_ONCE) : [];
  if (!plays.length) return null;
  const { data, problem } = await ask(RECORD, { input: { plays } }, options);
  if (!data?.recordPlays) return problem ?? "The plays are told later.";
  const told = new Set(plays.map((play) => play.clientId));
  keepOnly(user, kept(user).filter((play) => !told.has(play.clientId)));
  return data.recordPlays.errors[0]?.message ?? null;
}

// A random UUID; `crypto.randomUUID` is only there under https and on this machine.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
