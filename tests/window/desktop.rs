//! The real program on a private desktop, operated through `drive.py`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

/// A window of the program. Dropping it ends the program and its desktop.
pub struct Window {
    /// Taken when the window is dropped: closing the input ends `drive.py`.
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    desktop: Child,
    failed_png: PathBuf,
}

impl Window {
    /// Starts `mqttree` with `arguments`. A failure saves a screenshot named after `test`.
    pub fn open(test: &str, arguments: &[&str]) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut desktop = Command::new(root.join("scripts/in-window"))
            .arg(root.join("tests/window/drive.py"))
            .arg(env!("CARGO_BIN_EXE_mqttree"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting scripts/in-window")?;
        Ok(Self {
            commands: desktop.stdin.take(),
            answers: BufReader::new(desktop.stdout.take().context("a pipe was asked for")?),
            desktop,
            failed_png: Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-failed.png")),
        })
    }

    /// Waits until `text` is visible.
    pub fn wait(&mut self, text: &str) -> Result<()> {
        self.ask(&json!(["wait", text])).map(drop)
    }

    /// Waits until a count such as `1,234 topics` reaches `least`.
    pub fn at_least(&mut self, least: u64, unit: &str) -> Result<()> {
        self.ask(&json!(["at_least", least, unit])).map(drop)
    }

    /// Activates an element through assistive technology, by name and role (a key of `ROLES` in `drive.py`).
    pub fn press(&mut self, name: &str, role: &str) -> Result<()> {
        self.ask(&json!(["press", name, role])).map(drop)
    }

    /// Replaces a field's contents with `text`.
    pub fn fill(&mut self, field: &str, text: &str) -> Result<()> {
        self.ask(&json!(["fill", field, text])).map(drop)
    }

    /// The element's text, once it contains `part`.
    pub fn read_until(&mut self, name: &str, part: &str) -> Result<String> {
        let text = self.ask(&json!(["read_until", name, part]))?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Presses keys, named as for xdotool.
    pub fn key(&mut self, key: &str) -> Result<()> {
        self.ask(&json!(["key", key])).map(drop)
    }

    /// What a screen reader learns about the element.
    pub fn facts(&mut self, name: &str, role: &str) -> Result<Value> {
        self.ask(&json!(["facts", name, role]))
    }

    /// The titles of the program's windows, once there are `count`.
    pub fn titles(&mut self, count: usize) -> Result<Vec<String>> {
        let titles = self.ask(&json!(["titles", count]))?;
        Ok(serde_json::from_value(titles)?)
    }

    /// Sends the program a signal such as `TERM`; returns the exit status.
    pub fn signal(&mut self, name: &str) -> Result<i64> {
        let status = self.ask(&json!(["signal", name]))?;
        status.as_i64().context("the program ended with a status")
    }

    /// Sends one command and waits for the answer.
    fn ask(&mut self, command: &Value) -> Result<Value> {
        let answer = self.exchange(command)?;
        if let Some(error) = answer.get("error") {
            let picture = self.failed_png.to_string_lossy().into_owned();
            self.exchange(&json!(["screenshot", picture]))?;
            bail!("{}\nthe screen then: {picture}", error.as_str().unwrap_or_default());
        }
        Ok(answer.get("ok").cloned().unwrap_or_default())
    }

    fn exchange(&mut self, command: &Value) -> Result<Value> {
        let commands = self.commands.as_mut().context("the window is open until it is dropped")?;
        writeln!(commands, "{command}").with_context(|| format!("asking for {command}"))?;
        let mut line = String::new();
        self.answers.read_line(&mut line).with_context(|| format!("the answer to {command}"))?;
        serde_json::from_str(&line).with_context(|| format!("the answer to {command} was {line:?}"))
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        drop(self.commands.take());
        if let Err(error) = self.desktop.wait() {
            eprintln!("the private desktop: {error}");
        }
    }
}
