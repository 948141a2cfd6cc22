// A page that plays tracks of the demo world, end to end: log in, listen, and see it in the history.
import "./demo.css";
import { useCallback, useState } from "react";
import { createRoot } from "react-dom/client";
import mark from "../mark.svg";
import { logOut, whoIsLoggedIn } from "./graph.js";
import { Listen } from "./Listen.jsx";
import { LoginForm } from "./LoginForm.jsx";

function Page() {
  const [who, setWho] = useState(whoIsLoggedIn());
  const [problem, setProblem] = useState(null);
  const leave = useCallback((why) => {
    setProblem(why);
    setWho(null);
    return logOut();
  }, []);
  return (
    <>
      <header className="top">
        <span className="brand">
          <img src={mark} alt="" width="22" height="22" /> Plait <span>to listen{who && ` as ${who.username}`}</span>
        </span>
      </header>
      <main>{who ? <Listen key={who.id} onLeave={leave} /> : <LoginForm onOpen={setWho} problem={problem} />}</main>
    </>
  );
}

createRoot(document.getElementById("demo")).render(<Page />);
