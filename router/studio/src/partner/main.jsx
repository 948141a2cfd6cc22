// The page of a partner: a key in, and what it can do out.
import "./partner.css";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import mark from "../mark.svg";
import { Account } from "./Account.jsx";
import { KeyForm } from "./KeyForm.jsx";

function Page() {
  const [opened, setOpened] = useState(null);
  return (
    <>
      <header className="top">
        <span className="brand">
          <img src={mark} alt="" width="22" height="22" /> Plait <span>for partners</span>
        </span>
      </header>
      <main>{opened ? <Account opened={opened} onOpen={setOpened} onLeave={() => setOpened(null)} /> : <KeyForm onOpen={setOpened} />}</main>
    </>
  );
}

// As in the studio: the theme that was chosen there, or the system's.
const chosen = localStorage.getItem("graphiql:theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;

createRoot(document.getElementById("partner")).render(<Page />);
