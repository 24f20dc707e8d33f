//! Queries in all of jq, in a process of their own: `mqttree query-worker`.
//!
//! jaq takes no measure against endless time, memory or stack, and a stack overflow ends the process. So it ends this
//! one, which has a limit of memory, is given a minute, and can be stopped at any time; the window is told how it ended.
//!
//! The worker reads the query as a JSON string on the first line of its input and a value on each further line. It
//! writes results line by line, and a [`WorkerFault`] as JSON to its standard error.

use std::io::{BufReader, BufWriter, Read as _, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{RecvTimeoutError, bounded};
use jaq_core::{Ctx, Vars, unwrap_valr};
use jaq_json::read;
use serde::{Deserialize, Serialize};

use crate::query::jq::{Data, QueryError, check_length, compile};

/// The worker's name on the command line.
pub const WORKER: &str = "query-worker";
/// The most memory that the worker may ask the system for. Windows has no such limit for a process that is not in a
/// job; there the time and the results are what is bounded.
pub const WORKER_BYTES_MAX: u64 = 1 << 30;
/// The worker is stopped after this time.
const TIME_MAX: Duration = Duration::from_mins(1);
/// More results are cut off, and the worker is stopped.
pub const RESULT_BYTES_MAX: usize = 8 << 20;
/// A longer query is refused.
const QUERY_BYTES_MAX: usize = 4_096;
const QUERY_DEPTH_MAX: usize = 64;
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Why the worker gave up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkerFault {
    /// The text is no query.
    Query(QueryError),
    /// The query failed for a value, for this reason in jaq's words.
    Failed(String),
    /// Something that was to be a value is none.
    Input,
}

/// How a query ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryEnd {
    /// It is done.
    Done,
    /// The results are cut off at `RESULT_BYTES_MAX`.
    Cut,
    /// It gave up.
    Fault(WorkerFault),
    /// The process ended by itself: it had no more memory, or no more stack.
    Died,
    /// It took longer than a minute.
    TimedOut,
    /// The process could not be started, for this reason in the system's words.
    NotStarted(String),
}

/// What a query gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryAnswer {
    /// The results so far, a value on each line.
    pub text: String,
    /// How it ended.
    pub end: QueryEnd,
}

/// The worker's whole work; returns whether it succeeded.
pub fn run_worker() -> bool {
    limit_memory();
    match work(&mut std::io::stdin().lock(), &mut BufWriter::new(std::io::stdout().lock())) {
        Ok(()) => true,
        Err(fault) => {
            let text = serde_json::to_string(&fault).unwrap_or_default();
            // Without a reader there is nobody to tell.
            std::io::stderr().write_all(text.as_bytes()).ok();
            false
        }
    }
}

#[cfg(unix)]
fn limit_memory() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = |bytes| Rlimit { current: Some(bytes), maximum: Some(bytes) };
    for (resource, bytes) in [(Resource::As, WORKER_BYTES_MAX), (Resource::Core, 0)] {
        if let Err(error) = setrlimit(resource, limit(bytes)) {
            log::warn!("no limit for the query worker: {error}");
        }
    }
}

#[cfg(not(unix))]
fn limit_memory() {}

fn work(input: &mut dyn std::io::BufRead, out: &mut dyn Write) -> Result<(), WorkerFault> {
    let mut line = String::new();
    input.read_line(&mut line).map_err(|_| WorkerFault::Input)?;
    let query: String = serde_json::from_str(&line).map_err(|_| WorkerFault::Input)?;
    check_length(&query, QUERY_BYTES_MAX, QUERY_DEPTH_MAX).map_err(WorkerFault::Query)?;
    let filter = compile(&query, Vec::new()).map_err(WorkerFault::Query)?;
    let mut value = Vec::new();
    while input.read_until(b'\n', &mut value).map_err(|_| WorkerFault::Input)? > 0 {
        let parsed = read::parse_single(&value).map_err(|_| WorkerFault::Input)?;
        let context = Ctx::<Data>::new(&filter.lut, Vars::new([]));
        for result in filter.id.run((context, parsed)).map(unwrap_valr) {
            let result = result.map_err(|error| WorkerFault::Failed(error.to_string()))?;
            // Without a reader nobody wants more.
            if writeln!(out, "{result}").is_err() {
                return Ok(());
            }
        }
        value.clear();
    }
    out.flush().ok();
    Ok(())
}

/// Stops the process when it is no longer wanted, however that comes about.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        // It has ended already, or it does now.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Runs a query over values, each JSON on one line, in a process of `program`. `None` if it was cancelled.
pub fn run_query(
    program: &Path,
    query: &str,
    values: Vec<Vec<u8>>,
    cancel: &dyn Fn() -> bool,
) -> Option<QueryAnswer> {
    let spawned = Command::new(program)
        .arg(WORKER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match spawned {
        Ok(child) => Stopped(child),
        Err(error) => {
            let end = QueryEnd::NotStarted(error.to_string());
            return Some(QueryAnswer { text: String::new(), end });
        }
    };
    let (Some(stdin), Some(stdout), Some(stderr)) =
        (child.0.stdin.take(), child.0.stdout.take(), child.0.stderr.take())
    else {
        return Some(QueryAnswer { text: String::new(), end: QueryEnd::Died });
    };
    let first = serde_json::Value::from(query).to_string();
    let feed = thread::Builder::new().name("query-input".to_owned()).spawn(move || {
        let mut stdin = BufWriter::new(stdin);
        // A worker that has ended takes no more.
        std::iter::once(first.into_bytes())
            .chain(values)
            .try_for_each(|line| stdin.write_all(&line).and_then(|()| stdin.write_all(b"\n")))
            .and_then(|()| stdin.flush())
            .ok();
    });
    let (sender, chunks) = bounded::<Vec<u8>>(16);
    let read = thread::Builder::new().name("query-output".to_owned()).spawn(move || {
        let mut stdout = BufReader::new(stdout);
        loop {
            let mut chunk = vec![0; 64 * 1024];
            match stdout.read(&mut chunk) {
                Ok(0) | Err(_) => return,
                Ok(count) => chunk.truncate(count),
            }
            if sender.send(chunk).is_err() {
                return;
            }
        }
    });
    if feed.is_err() || read.is_err() {
        return Some(QueryAnswer { text: String::new(), end: QueryEnd::Died });
    }
    let began = Instant::now();
    let mut bytes = Vec::new();
    let stopped = loop {
        match chunks.recv_timeout(LOOK_EVERY) {
            Ok(chunk) => bytes.extend(chunk),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break None,
        }
        if cancel() {
            return None;
        }
        if bytes.len() > RESULT_BYTES_MAX {
            bytes.truncate(RESULT_BYTES_MAX);
            break Some(QueryEnd::Cut);
        }
        if began.elapsed() > TIME_MAX {
            break Some(QueryEnd::TimedOut);
        }
    };
    let end = stopped.unwrap_or_else(|| {
        let mut said = Vec::new();
        stderr.take(64 * 1024).read_to_end(&mut said).ok();
        match child.0.wait() {
            Ok(status) if status.success() => QueryEnd::Done,
            _ => serde_json::from_slice(&said).map_or(QueryEnd::Died, QueryEnd::Fault),
        }
    });
    Some(QueryAnswer { text: String::from_utf8_lossy(&bytes).into_owned(), end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::QueryProblem;

    fn worked(input: &str) -> (String, Result<(), WorkerFault>) {
        let mut out = Vec::new();
        let end = work(&mut input.as_bytes(), &mut out);
        (String::from_utf8(out).unwrap(), end)
    }

    #[test]
    fn each_value_goes_through_the_query() {
        let (out, end) = worked("\".a, (.b | def f: . * 2; f)\"\n{\"a\":1,\"b\":2}\n{\"a\":\"x\",\"b\":3}\n");
        assert_eq!((out.as_str(), end), ("1\n4\n\"x\"\n6\n", Ok(())));
    }

    #[test]
    fn a_fault_says_what_is_wrong_and_keeps_what_came_before() {
        let (out, end) = worked("\".a.b\"\n{\"a\":{\"b\":1}}\n{\"a\":1}\n");
        assert_eq!(out, "1\n");
        assert!(matches!(end, Err(WorkerFault::Failed(_))), "{end:?}");
        let (_, end) = worked("\".a | nope\"\n{}\n");
        let unknown = QueryError { place: 6, problem: QueryProblem::Unknown("nope".to_owned()) };
        assert_eq!(end, Err(WorkerFault::Query(unknown)));
        assert_eq!(worked("\".\"\n{\n").1, Err(WorkerFault::Input));
    }
}
