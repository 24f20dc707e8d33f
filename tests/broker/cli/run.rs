//! Runs mosquitto's programs and ours, and collects what they leave behind.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::harness::{Broker, find, until};

/// Whose program to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Theirs,
    Ours,
}

/// A command line that was not started yet: `sub` or `pub` with its arguments.
pub struct Line {
    command: Command,
    directory: tempfile::TempDir,
}

/// A running program whose output goes to files.
pub struct Running {
    child: Child,
    directory: tempfile::TempDir,
}

/// What a program left behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Left {
    /// Exit status; `None` after a signal.
    pub status: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Line {
    /// Creates a `sub` or `pub` of either program, for this port on the loopback interface.
    pub fn new(whose: Whose, what: &str, port: u16, arguments: &[&str]) -> Self {
        let mut line = Self::without_broker(whose, what, arguments);
        line.command.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
        line
    }

    /// Creates a command line without any broker options.
    pub fn without_broker(whose: Whose, what: &str, arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut command = match whose {
            Whose::Theirs => Command::new(find(&format!("mosquitto_{what}"), "mosquitto-clients")),
            Whose::Ours => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_mqttree"));
                command.arg(what);
                command
            }
        };
        command
            .args(arguments)
            .env("MQTTREE_HOME", directory.path())
            .env("MQTTREE_KEYRING", "none")
            .env("TZ", "Asia/Kolkata")
            .env_remove("MQTTREE_PASSWORD")
            .stdin(Stdio::null());
        Self { command, directory }
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets the bytes on standard input.
    pub fn stdin(mut self, bytes: &[u8]) -> Self {
        let path = self.directory.path().join("stdin");
        fs::write(&path, bytes).unwrap();
        self.command.stdin(File::open(path).unwrap());
        self
    }

    /// Sets the source of standard input.
    pub fn input(mut self, input: impl Into<Stdio>) -> Self {
        self.command.stdin(input);
        self
    }

    /// The folder that our program uses as its home.
    pub fn home(&self) -> PathBuf {
        self.directory.path().to_owned()
    }

    /// Starts the program with its output in files.
    pub fn start(mut self) -> Running {
        let file = |name| File::create(self.directory.path().join(name)).unwrap();
        let child = self.command.stdout(file("stdout")).stderr(file("stderr")).spawn().unwrap();
        Running { child, directory: self.directory }
    }

    /// Starts the program with its output in a pipe that the test reads.
    pub fn start_piped(mut self) -> Running {
        let stderr = File::create(self.directory.path().join("stderr")).unwrap();
        let child = self.command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        Running { child, directory: self.directory }
    }

    /// Runs the program to its end.
    pub fn run(self) -> Left {
        self.start().left()
    }
}

impl Running {
    /// The program's output, if it was started with a pipe.
    pub fn stdout(&mut self) -> std::process::ChildStdout {
        self.child.stdout.take().unwrap()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends the program a signal by name.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// What the program has written to standard error so far.
    pub fn stderr(&self) -> String {
        fs::read_to_string(self.directory.path().join("stderr")).unwrap()
    }

    /// What the program has written to standard output so far.
    pub fn written(&self) -> Vec<u8> {
        fs::read(self.directory.path().join("stdout")).unwrap_or_default()
    }

    /// Waits for the program to end.
    pub fn left(mut self) -> Left {
        let mut status = None;
        let directory = self.directory.path().to_owned();
        let said = || {
            let read = |name| fs::read(directory.join(name)).unwrap_or_default();
            String::from_utf8_lossy(&[read("stdout"), read("stderr")].concat()).into_owned()
        };
        until(
            || format!("it ends; it said:\n{}", said()),
            || {
                status = self.child.try_wait().unwrap();
                status.is_some()
            },
        );
        let status = status.and_then(|status| status.code());
        Left { status, stdout: self.written(), stderr: self.stderr() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, unless the test fails.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Waits until the broker has answered this many SUBSCRIBEs since it started.
pub fn until_subscribed(broker: &Broker, times: usize) {
    let count = || broker.log().matches("Sending SUBACK to").count();
    until(|| format!("{times} subscriptions:\n{}", broker.log()), || count() >= times);
}

/// Runs the same `sub` with both programs, and `publish` once both have subscribed. Both must leave the same behind.
pub fn same(broker: &mut Broker, arguments: &[&str], publish: impl Fn(u16)) -> Left {
    let before = broker.log().matches("Sending SUBACK to").count();
    let start = |whose| Line::new(whose, "sub", broker.port, arguments).start();
    let filters = arguments.iter().filter(|argument| **argument == "-t").count();
    let theirs = start(Whose::Theirs);
    // mosquitto_sub sends all filters in one SUBSCRIBE, a session one in each.
    until_subscribed(broker, before + 1);
    let ours = start(Whose::Ours);
    until_subscribed(broker, before + 1 + filters);
    publish(broker.port);
    let (theirs, ours) = (theirs.left(), ours.left());
    let show = |left: &Left| format!("{:?} {}\n{}", left.status, left.stdout.escape_ascii(), left.stderr);
    assert!(
        theirs.stdout == ours.stdout && theirs.status == ours.status,
        "{arguments:?}\ntheirs: {}\nours:   {}",
        show(&theirs),
        show(&ours)
    );
    ours
}
