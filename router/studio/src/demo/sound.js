// Brings a track's sound into an audio element: with hls.js wherever the browser lets a page fill the buffer, because
// only there is an address exchanged without a gap; else (an older iPhone) as the browser itself does it.
import Hls from "hls.js/light";
import { Address } from "./address.js";
import { loaderUnder } from "./loader.js";

const RETRIES = { maxNumRetry: 60, retryDelayMs: 1000, maxRetryDelayMs: 5000, backoff: "exponential" };
const PATIENT = { default: { maxTimeToFirstByteMs: 10_000, maxLoadTimeMs: 60_000, timeoutRetry: RETRIES, errorRetry: RETRIES } };
const FINAL = { 401: "Your login is over: log in again.", 404: "There is no sound of this track yet: it is being made." };

// `told` hears { trouble } while it is tried again, { trouble: null } when it goes on, { problem } when it is over.
export async function openSound(audio, trackId, told) {
  const address = new Address(trackId);
  const playlist = await address.current();
  return Hls.isSupported() ? filled(audio, address, playlist, told) : native(audio, address, playlist, told);
}

function filled(audio, address, playlist, told) {
  const hls = new Hls({
    loader: loaderUnder(address, Hls.DefaultConfig.loader),
    enableWorker: false,
    maxBufferLength: 20,
    maxMaxBufferLength: 20,
    manifestLoadPolicy: PATIENT,
    playlistLoadPolicy: PATIENT,
    fragLoadPolicy: PATIENT,
  });
  hls.on(Hls.Events.FRAG_BUFFERED, () => told({ trouble: null }));
  hls.on(Hls.Events.ERROR, (_, error) => {
    if (error.fatal) told({ problem: FINAL[error.response?.code] ?? "The sound does not come." });
    else if (error.type === Hls.ErrorTypes.NETWORK_ERROR) told({ trouble: "The sound service does not answer: trying again…" });
  });
  hls.loadSource(playlist);
  hls.attachMedia(audio);
  return () => hls.destroy();
}

function native(audio, address, playlist, told) {
  let tries = 0;
  const begin = async () => {
    const at = audio.currentTime;
    audio.src = address.playlist;
    audio.currentTime = at;
    await audio.play().catch(() => {});
  };
  const failed = () => {
    tries += 1;
    if (tries > 3) return told({ problem: "The sound does not come." });
    address.renew().then(begin, (error) => told({ problem: error.message }));
  };
  const goesOn = () => (tries = 0);
  audio.addEventListener("error", failed);
  audio.addEventListener("playing", goesOn);
  audio.src = playlist;
  return () => {
    audio.removeEventListener("error", failed);
    audio.removeEventListener("playing", goesOn);
    audio.removeAttribute("src");
    audio.load();
  };
}
