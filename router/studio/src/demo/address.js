// Where a track's sound is: signed, for who is logged in, and good for a while. A new one is fetched before that is
// over, and when the server says that it is; both hold the same files.
import { ask, serverNow } from "./graph.js";

const STREAM = "query Stream($id: ID!) { me { id } track(id: $id) { isAvailable stream { playlist expiresAt } } }";
const GRANT = /\/streaming\/[^/]+\//;
const SOON = 10_000;

export class NotPlayable extends Error {
  code = 404;
}

export class Address {
  #trackId;
  #expiresAt = 0;
  #renewing = null;
  playlist = "";

  constructor(trackId) {
    this.#trackId = trackId;
  }

  // The playlist's address, good for some seconds at least. Throws NotPlayable, LoggedOut, or Error when the service
  // does not answer.
  async current() {
    if (this.#expiresAt - serverNow() < SOON) await this.renew();
    return this.playlist;
  }

  renew() {
    this.#renewing ??= this.#fetch().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  // The same file under the address of now.
  under(url) {
    return url.replace(GRANT, this.playlist.match(GRANT)[0]);
  }

  async #fetch() {
    const { data, problem } = await ask(STREAM, { id: this.#trackId });
    const stream = data?.track?.stream;
    if (!stream) throw problem ? new Error("The sound service does not answer.") : new NotPlayable("There is no sound of this track yet.");
    this.playlist = stream.playlist;
    this.#expiresAt = Date.parse(stream.expiresAt);
  }
}
