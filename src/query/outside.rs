//! Programs of the person's that read payloads: `command:python3 decode.py`.
//!
//! A program is started with the first payload and kept. It is sent each payload behind its length, four bytes with the
//! highest first, and answers with one line of JSON. It is ended when it does not answer within 200 ms, when its rule is
//! gone, and with the program; its input ends then too. What it answered last is remembered, so that a row that is drawn
//! again asks nothing.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, BufWriter, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use parking_lot::Mutex;

use crate::payload::decode::{OutsideFault, OutsideReader};

/// The largest payload, and the longest answer.
const BYTES_MAX: usize = 1 << 20;
/// How long an answer may take.
const ANSWER_MAX: Duration = Duration::from_millis(200);
/// How long the first answer of a program may take, which has to start.
const FIRST_ANSWER_MAX: Duration = Duration::from_secs(3);
/// How long a row that is drawn waits.
const GLANCE: Duration = Duration::from_millis(4);
/// How long a program that failed is left alone, and after several failures in a row.
const REST: Duration = Duration::from_secs(1);
const LONG_REST: Duration = Duration::from_secs(10);
const FAILURES_MAX: u32 = 3;
/// Answers that are remembered, and their bytes with those of their payloads.
const KNOWN_MAX: usize = 256;
const KNOWN_BYTES_MAX: usize = 8 << 20;

/// A program, by the line that starts it.
pub struct OutsideProgram {
    line: String,
    state: Mutex<State>,
}

impl std::fmt::Debug for OutsideProgram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("OutsideProgram").field(&self.line).finish()
    }
}

type Answer = Result<Arc<str>, OutsideFault>;

#[derive(Default)]
struct State {
    running: Option<Running>,
    rests_until: Option<Instant>,
    failures: u32,
    known: VecDeque<(Box<[u8]>, Answer)>,
    known_bytes: usize,
}

/// A process that was started.
struct Running {
    requests: Sender<Box<[u8]>>,
    answers: Receiver<Answer>,
    /// The payload that it works on, and since when.
    pending: Option<(Box<[u8]>, Instant)>,
    has_answered: bool,
    #[cfg_attr(not(test), expect(dead_code, reason = "it ends the process when it is dropped"))]
    child: Ended,
}

/// Ends a process when it is no longer wanted.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It has ended already, or it does now.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl OutsideProgram {
    /// A program that is started when it is first needed.
    pub fn new(line: impl Into<String>) -> Self {
        Self { line: line.into(), state: Mutex::default() }
    }
}

impl OutsideReader for OutsideProgram {
    fn read(&self, payload: &[u8]) -> Answer {
        self.state.lock().ask(&self.line, payload, None)
    }

    fn glance(&self, payload: &[u8]) -> Option<Arc<str>> {
        // Somebody else waits for the program.
        self.state.try_lock()?.ask(&self.line, payload, Some(GLANCE)).ok()
    }
}

impl State {
    /// Asks for a payload, and waits for so long, or as long as an answer may take.
    fn ask(&mut self, line: &str, payload: &[u8], patience: Option<Duration>) -> Answer {
        if let Some((_, answer)) = self.known.iter().find(|(known, _)| **known == *payload) {
            return answer.clone();
        }
        if payload.len() > BYTES_MAX {
            return Err(OutsideFault::TooLarge);
        }
        if self.rests_until.is_some_and(|until| Instant::now() < until) {
            return Err(OutsideFault::Resting);
        }
        // An answer that a hasty caller did not wait for.
        if self.running.as_ref().is_some_and(|running| running.pending.is_some()) {
            self.collect(patience)?;
            if let Some((_, answer)) = self.known.iter().find(|(known, _)| **known == *payload) {
                return answer.clone();
            }
        }
        if self.running.is_none() {
            match start(line) {
                Ok(running) => self.running = Some(running),
                Err(error) => return self.fail(OutsideFault::NotStarted(error.to_string())),
            }
        }
        if let Some(running) = &mut self.running {
            let payload: Box<[u8]> = payload.into();
            running.pending = Some((payload.clone(), Instant::now()));
            if running.requests.try_send(payload).is_err() {
                return self.fail(OutsideFault::Died);
            }
        }
        self.collect(patience)
    }

    /// Waits for the answer that is under way.
    fn collect(&mut self, patience: Option<Duration>) -> Answer {
        let Some(running) = &mut self.running else { return Err(OutsideFault::Died) };
        let Some((_, since)) = &running.pending else { return Err(OutsideFault::Nothing) };
        let most = if running.has_answered { ANSWER_MAX } else { FIRST_ANSWER_MAX };
        let left = most.saturating_sub(since.elapsed());
        let wait = patience.map_or(left, |patience| patience.min(left));
        let answer = match running.answers.recv_timeout(wait) {
            Ok(Err(OutsideFault::Died)) | Err(RecvTimeoutError::Disconnected) => {
                return self.fail(OutsideFault::Died);
            }
            Ok(answer) => answer,
            // A hasty caller goes; the answer is collected by the next one.
            Err(RecvTimeoutError::Timeout) if wait < left => return Err(OutsideFault::Nothing),
            Err(RecvTimeoutError::Timeout) => return self.fail(OutsideFault::TimedOut),
        };
        running.has_answered = true;
        self.failures = 0;
        if let Some((payload, _)) = running.pending.take() {
            self.remember(payload, answer.clone());
        }
        if answer == Err(OutsideFault::TooLarge) {
            // The rest of the line is still to come.
            self.running = None;
        }
        answer
    }

    fn fail(&mut self, fault: OutsideFault) -> Answer {
        self.running = None;
        self.failures += 1;
        let rest = if self.failures >= FAILURES_MAX { LONG_REST } else { REST };
        self.rests_until = Some(Instant::now() + rest);
        Err(fault)
    }

    fn remember(&mut self, payload: Box<[u8]>, answer: Answer) {
        let weight =
            |payload: &[u8], answer: &Answer| payload.len() + answer.as_ref().map_or(0, |json| json.len());
        self.known_bytes += weight(&payload, &answer);
        self.known.push_back((payload, answer));
        while self.known.len() > KNOWN_MAX || self.known_bytes > KNOWN_BYTES_MAX {
            let Some((payload, answer)) = self.known.pop_front() else { break };
            self.known_bytes -= weight(&payload, &answer);
        }
    }
}

fn start(line: &str) -> std::io::Result<Running> {
    let words = words_of(line);
    let (program, arguments) =
        words.split_first().ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let pipes = child.stdin.take().zip(child.stdout.take());
    let child = Ended(child);
    let (stdin, stdout) = pipes.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::BrokenPipe))?;
    let (requests, asked) = bounded(1);
    let (answer, answers) = bounded(1);
    thread::Builder::new()
        .name("outside-decoder".to_owned())
        .spawn(move || talk(stdin, stdout, &asked, &answer))?;
    Ok(Running { requests, answers, pending: None, has_answered: false, child })
}

/// Passes payloads to a process and its answers back, until one of both ends.
fn talk(stdin: ChildStdin, stdout: ChildStdout, asked: &Receiver<Box<[u8]>>, answers: &Sender<Answer>) {
    let (mut stdin, mut stdout) = (BufWriter::new(stdin), BufReader::new(stdout));
    for payload in asked {
        let length = (payload.len() as u32).to_be_bytes();
        let sent = stdin.write_all(&length).and_then(|()| stdin.write_all(&payload));
        let mut line = Vec::new();
        let read = sent
            .and_then(|()| stdin.flush())
            .and_then(|()| (&mut stdout).take(BYTES_MAX as u64 + 1).read_until(b'\n', &mut line));
        let answer = match read {
            Ok(_) if line.len() > BYTES_MAX => Err(OutsideFault::TooLarge),
            Ok(_) if !line.ends_with(b"\n") => Err(OutsideFault::Died),
            Ok(_) => match String::from_utf8(line) {
                Ok(text) if text.trim().is_empty() => Err(OutsideFault::Nothing),
                Ok(text) => Ok(text.trim().into()),
                Err(_) => Err(OutsideFault::NotJson),
            },
            Err(_) => Err(OutsideFault::Died),
        };
        if answers.send(answer).is_err() {
            return;
        }
    }
}

/// The words of a line, as a shell sees them: quotes keep spaces. Nothing else is special.
fn words_of(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut is_word, mut quote) = (String::new(), false, None);
    for character in line.chars() {
        match (quote, character) {
            (Some(open), character) if character == open => quote = None,
            (Some(_), character) => word.push(character),
            (None, '"' | '\'') => (quote, is_word) = (Some(character), true),
            (None, character) if character.is_whitespace() => {
                if std::mem::take(&mut is_word) {
                    words.push(std::mem::take(&mut word));
                }
            }
            (None, character) => {
                word.push(character);
                is_word = true;
            }
        }
    }
    if is_word {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The script in `examples`, which reads the bytes of a sensor.
    fn example() -> OutsideProgram {
        OutsideProgram::new(concat!("python3 '", env!("CARGO_MANIFEST_DIR"), "/examples/decode-command.py'"))
    }

    /// A program written in a line of Python. `read()` is a payload, `say` a line of answer.
    fn program(body: &str) -> OutsideProgram {
        let prelude = "import sys,struct,time\\ni=sys.stdin.buffer\\ndef read():\\n n=i.read(4)\\n return i.read(struct.unpack(chr(62)+chr(73),n)[0]) if n else sys.exit()\\ndef say(t):\\n print(t,flush=True)\\n";
        OutsideProgram::new(format!("python3 -c \"exec('{prelude}{body}')\""))
    }

    #[test]
    fn the_example_reads_a_sensor_and_is_kept_open() {
        let program = example();
        assert_eq!(&*program.read(&[0x66, 0x08, 0xBD]).unwrap(), r#"{"temp": 21.5, "rssi": -67}"#);
        let first = program.state.lock().running.as_ref().map(|running| running.child.0.id());
        assert_eq!(&*program.read(&[0x00, 0x00, 0x00]).unwrap(), r#"{"temp": 0.0, "rssi": 0}"#);
        assert_eq!(program.state.lock().running.as_ref().map(|running| running.child.0.id()), first);
        assert_eq!(program.read(b"wrong length"), Err(OutsideFault::Nothing), "an empty line");
    }

    #[test]
    fn a_row_that_is_drawn_does_not_wait_and_finds_the_answer_later() {
        let program = program("while 1: p=read(); time.sleep(0.05); say(len(p))");
        assert_eq!(program.glance(b"abc"), None);
        assert_eq!(program.read(b"abc").as_deref(), Ok("3"), "the answer was under way");
        assert_eq!(program.glance(b"abc").as_deref(), Some("3"), "and is remembered");
        assert_eq!(program.read(b"abcd").as_deref(), Ok("4"));
    }

    #[test]
    fn a_program_that_hangs_is_ended_and_rests() {
        let program = program("say(read()[0]); read(); time.sleep(100)");
        assert_eq!(program.read(b"a").as_deref(), Ok("97"));
        let began = Instant::now();
        assert_eq!(program.read(b"b"), Err(OutsideFault::TimedOut));
        assert!(began.elapsed() >= ANSWER_MAX);
        assert!(program.state.lock().running.is_none(), "it was ended");
        assert_eq!(program.read(b"c"), Err(OutsideFault::Resting));
        program.state.lock().rests_until = None;
        assert_eq!(program.read(b"d").as_deref(), Ok("100"), "it was started again");
    }

    #[test]
    fn what_ends_or_says_too_much_is_a_fault() {
        assert_eq!(program("read()").read(b"a"), Err(OutsideFault::Died));
        assert_eq!(program("read(); say(chr(49)*2000000); read()").read(b"a"), Err(OutsideFault::TooLarge));
        assert_eq!(example().read(&vec![0; BYTES_MAX + 1]), Err(OutsideFault::TooLarge));
        let missing = OutsideProgram::new("no-such-program-here").read(b"a");
        assert!(matches!(missing, Err(OutsideFault::NotStarted(_))), "{missing:?}");
        assert!(matches!(OutsideProgram::new("  ").read(b"a"), Err(OutsideFault::NotStarted(_))));
    }

    #[test]
    fn a_program_ends_with_its_rule() {
        let program = example();
        program.read(&[0x66, 0x08, 0xBD]).unwrap();
        let pid = program.state.lock().running.as_ref().map(|running| running.child.0.id()).unwrap();
        drop(program);
        if cfg!(target_os = "linux") {
            assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
        }
    }

    #[test]
    fn memory_of_answers_is_bounded() {
        let mut state = State::default();
        for n in 0..1_000_u32 {
            state.remember(Box::from(n.to_be_bytes()), Ok("x".repeat(100_000).into()));
        }
        assert!(state.known_bytes <= KNOWN_BYTES_MAX && state.known.len() <= KNOWN_MAX);
    }

    #[test]
    fn quotes_keep_spaces() {
        assert_eq!(words_of("  a 'b c'  \"d 'e'\" f'g h' '' "), ["a", "b c", "d 'e'", "fg h", ""]);
    }
}
