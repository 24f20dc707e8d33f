//! What failed, why, and what may help.

mod file;
mod hint;
mod mqtt;
mod network;
mod proxy;
mod step;
mod tls;
mod websocket;

use std::io;

pub use crate::words::failure::step::step;
pub(in crate::words) use crate::words::failure::tls::tls;

use crate::mqtt::failure::{Cause, Failure, IoError, ProgramCause, TlsCause};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::step::Step;
use crate::words::Language;
use crate::words::certificate::NAMES_SHOWN_MAX;
use crate::words::check;
use crate::words::language::say;

/// A failure in words, in the three lines that the window shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What failed, with its object: `TCP connection to example.org:1883`.
    pub what: String,
    /// The reason: `connection refused`.
    pub why: String,
    /// What may help; may be empty.
    pub hint: String,
}

/// A failure in words.
pub fn failure(failure: &Failure, l: Language) -> Told {
    let Failure { step, cause, hint, tried } = failure;
    let why = self::cause(cause, step, l);
    Told {
        what: self::step(step, l),
        why: format!("{why}{}", self::tried(*tried, l)),
        hint: hint.map_or_else(String::new, |hint| self::hint(hint, step, l)),
    }
}

/// Which versions of MQTT were tried, in brackets.
fn tried(versions: [Option<MqttVersion>; 2], l: Language) -> String {
    match versions.map(|version| version.map(MqttVersion::name)) {
        [None, _] => String::new(),
        [Some(only), None] => say!(l, " (MQTT {only} was tried)", "（已尝试 MQTT {only}）"),
        [Some(first), Some(then)] => {
            say!(l, " (MQTT {first} and {then} were tried)", "（已尝试 MQTT {first} 和 {then}）")
        }
    }
}

/// What failed and why, in one line.
pub fn failure_line(failure: &Failure, l: Language) -> String {
    let Told { what, why, .. } = self::failure(failure, l);
    say!(l, "{what}: {why}", "{what}：{why}")
}

/// A failure in words with everything that the three lines only count, one to a line.
pub fn failure_whole(failure: &Failure, l: Language) -> String {
    let Told { what, why, hint } = self::failure(failure, l);
    let lines = [what.as_str(), why.as_str(), hint.as_str()].into_iter().filter(|line| !line.is_empty());
    let names = names_not_shown(failure).iter().map(String::as_str);
    lines.chain(names).collect::<Vec<_>>().join("\n")
}

/// The names of a certificate, if they are so many that most of them are only counted.
pub fn names_not_shown(failure: &Failure) -> &[String] {
    match &failure.cause {
        Cause::Tls(TlsCause::OtherName { names, .. }) if names.len() > NAMES_SHOWN_MAX => names,
        _ => &[],
    }
}

/// What may help after a step has failed.
pub fn hint(hint: crate::mqtt::failure::Hint, step: &Step, l: Language) -> String {
    hint::hint(hint, step, l)
}

/// Why a step failed: a clause.
pub fn cause(cause: &Cause, step: &Step, l: Language) -> String {
    match cause {
        Cause::NoAnswer { within_s } => say!(l, "no answer within {within_s} s", "{within_s} 秒内没有应答"),
        Cause::Closed => l.pick("the connection was closed", "连接已被关闭").to_owned(),
        Cause::Io(error) => io(error, l),
        Cause::Option(problem) => {
            let (field, issue) = (check::field(problem.field, l), check::issue(&problem.issue, l));
            match step {
                // The step names the field already.
                Step::Option(_) => issue,
                _ => say!(l, "{field} cannot be used. {issue}", "“{field}”无法使用。{issue}"),
            }
        }
        Cause::Name(cause) => network::name(cause, l),
        Cause::LocalAddress(cause) => network::local_address(cause, l),
        Cause::Tcp(attempts) => network::tcp(attempts, step, l),
        Cause::Socket(cause) => network::socket(*cause, l).to_owned(),
        Cause::File(cause) => file::file(cause, l),
        Cause::Proxy(cause) => proxy::proxy(cause, l),
        Cause::Tls(cause) => tls(cause, l),
        Cause::Websocket(cause) => websocket::websocket(cause, l),
        Cause::Mqtt(cause) => mqtt::mqtt(cause, l),
        Cause::Program(cause) => program(cause, l),
    }
}

/// An error of the operating system, in the usual words where its kind has some.
fn io(error: &IoError, l: Language) -> String {
    let text = match error.kind {
        io::ErrorKind::ConnectionRefused => l.pick("connection refused", "连接被拒绝"),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            l.pick("the connection was reset", "连接被重置")
        }
        io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof => {
            l.pick("the connection was closed", "连接已被关闭")
        }
        io::ErrorKind::HostUnreachable => l.pick("there is no route to the host", "没有到主机的路由"),
        io::ErrorKind::NetworkUnreachable => l.pick("the network is unreachable", "网络不可达"),
        io::ErrorKind::TimedOut => l.pick("no answer", "没有应答"),
        io::ErrorKind::AddrNotAvailable => {
            l.pick("the address cannot be used from here", "无法在本机使用该地址")
        }
        io::ErrorKind::PermissionDenied => l.pick("the system does not permit it", "系统不允许"),
        // All other kinds: the system's own text says most.
        _ => return clause(&error.text),
    };
    text.to_owned()
}

fn program(cause: &ProgramCause, l: Language) -> String {
    match cause {
        ProgramCause::Disconnected => l.pick("disconnected", "已断开连接").to_owned(),
        ProgramCause::IngestEnded => {
            l.pick("what takes messages in has ended", "接收消息的线程已结束").to_owned()
        }
        ProgramCause::System(text) => text.clone(),
        ProgramCause::Defect => {
            l.pick("it stopped; this is a defect of the program", "它已停止，这是程序的缺陷").to_owned()
        }
    }
}

/// A text of another program as a clause: without the capital of a sentence.
fn clause(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests;
