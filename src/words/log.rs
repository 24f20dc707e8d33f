//! The lines of the connection log.

use std::time::Duration;

use crate::message::QoS;
use crate::mqtt::link::PublishOutcome;
use crate::mqtt::step::{StepOutcome, TakenStep};
use crate::mqtt::wire::TlsInfo;
use crate::session::connection_log::{Halt, Level, LogEvent, Welcome};
use crate::words::Language::{self, Chinese, English};
use crate::words::failure::failure_line;
use crate::words::language::say;
use crate::words::rejection::{note, rejection, restrictions};
use crate::words::session::crash;
use crate::words::{Label, check, doctor, failure, format, label, model, recording};

const INFO: Label = label("info", "信息");
const OK: Label = label("ok", "成功");
const WARNING: Label = label("warning", "警告");
const ERROR: Label = label("error", "错误");

/// The name of a level.
pub const fn level(level: Level) -> Label {
    match level {
        Level::Info => INFO,
        Level::Ok => OK,
        Level::Warning => WARNING,
        Level::Error => ERROR,
    }
}

/// An event of the log in one line.
pub fn line(event: &LogEvent, l: Language) -> String {
    match event {
        LogEvent::Connecting { url } => match l {
            English => format!("Connecting to {url}"),
            Chinese => format!("正在连接 {url}"),
        },
        LogEvent::Warned(taken) => warned(taken, l),
        LogEvent::Fallback { from, to, failure } => {
            let (from, to, failure) = (from.name(), to.name(), failure_line(failure, l));
            match l {
                English => format!("MQTT {from} does not work here, trying MQTT {to}. {failure}"),
                Chinese => format!("此处无法使用 MQTT {from}，正在尝试 MQTT {to}。{failure}"),
            }
        }
        LogEvent::Connected(welcome) => connected(welcome, l),
        LogEvent::Restricted(list) => match l {
            English => format!("The broker announces {}", restrictions(list, l)),
            Chinese => format!("服务器声明：{}", restrictions(list, l)),
        },
        LogEvent::BrokerSays(text) => match l {
            English => format!("The broker says: {text}"),
            Chinese => format!("服务器消息：{text}"),
        },
        LogEvent::Subscribed { filter, asked, granted } => subscribed(filter, *asked, *granted, l),
        LogEvent::SubscribeRefused { filter, why } => match l {
            English => format!("SUBSCRIBE to {filter} was refused: {}", rejection(why, l)),
            Chinese => format!("订阅 {filter} 被拒绝：{}", rejection(why, l)),
        },
        LogEvent::Unsubscribed { filter } => match l {
            English => format!("Unsubscribed from {filter}"),
            Chinese => format!("已取消订阅 {filter}"),
        },
        LogEvent::UnsubscribeRefused { filter, why } => match l {
            English => format!("UNSUBSCRIBE from {filter}: {}", rejection(why, l)),
            Chinese => format!("取消订阅 {filter}：{}", rejection(why, l)),
        },
        LogEvent::Published { topic, outcome, took } => published(topic, outcome, *took, l),
        LogEvent::HeldBack => match l {
            English => {
                "More arrives than can be processed: reading from the broker pauses at times; nothing is lost"
            }
            Chinese => "消息到达的速度超过处理速度：会不时暂停读取，不会丢失消息",
        }
        .to_owned(),
        LogEvent::NotAnswering { after } => {
            let after = format::duration(*after);
            say!(
                l,
                "The broker owes an answer and has said nothing for {after}",
                "服务器已有 {after} 无应答，也未发送任何数据"
            )
        }
        LogEvent::AnsweringAgain { after } => {
            let after = format::duration(*after);
            say!(l, "The broker answers again, after {after}", "服务器在 {after} 后恢复应答")
        }
        LogEvent::NotKept(why) => {
            let why = model::not_taken(*why).of(l);
            match l {
                English => format!("A message cannot be kept: {why}"),
                Chinese => format!("无法保存消息：{why}"),
            }
        }
        LogEvent::Noted(problem) => check::problem(problem, l),
        LogEvent::PasswordNotSent => match l {
            English => "The password is not sent: MQTT before 5 allows one only together with a user name",
            Chinese => "密码不会发送：MQTT 5 之前的版本只允许密码与用户名一起使用",
        }
        .to_owned(),
        LogEvent::Failed(failure) => failure_line(failure, l),
        LogEvent::Advice { step, hint } => failure::hint(*hint, step, l),
        LogEvent::Halted(why) => halted(*why, l).to_owned(),
        LogEvent::NextAttempt { after } => match l {
            English => format!("Next attempt in {:.1} s", after.as_secs_f64()),
            Chinese => format!("{:.1} 秒后重试", after.as_secs_f64()),
        },
        LogEvent::Disconnected { url } => match l {
            English => format!("Disconnected from {url}"),
            Chinese => format!("已断开与 {url} 的连接"),
        },
        LogEvent::Recorded(event) => format::capitalised(&recording::event(event, l)),
        LogEvent::Gap(gap) => recording::gap(gap, l),
        LogEvent::Damaged(damage) => format::capitalised(&recording::damage(damage, l)),
        LogEvent::Crashed(how) => crash(how, l),
    }
}

fn warned(taken: &TakenStep, l: Language) -> String {
    let what = failure::step(&taken.step, l);
    match &taken.outcome {
        StepOutcome::Warning(warning) => {
            let why = doctor::warning(warning, taken, l);
            match l {
                English => format!("{what}: {why}"),
                Chinese => format!("{what}：{why}"),
            }
        }
        StepOutcome::Ok | StepOutcome::Failed { .. } | StepOutcome::Skipped(_) => what,
    }
}

fn connected(welcome: &Welcome, l: Language) -> String {
    let Welcome { url, version, tls, client_id, session_present } = welcome;
    let (version, security) = (version.name(), security(tls.as_ref(), l));
    let kept = match (session_present, l) {
        (false, _) => "",
        (true, English) => "; the broker kept the session",
        (true, Chinese) => "；服务器保留了会话",
    };
    match l {
        English => format!("Connected to {url} with MQTT {version} {security} as {client_id}{kept}"),
        Chinese => format!("已连接到 {url}：MQTT {version}，{security}，客户端 ID 为 {client_id}{kept}"),
    }
}

fn security(tls: Option<&TlsInfo>, l: Language) -> String {
    match (tls, l) {
        (None, English) => "without TLS".to_owned(),
        (None, Chinese) => "未使用 TLS".to_owned(),
        (Some(tls), English) if tls.verified => format!("over {}", tls.version),
        (Some(tls), Chinese) if tls.verified => format!("使用 {}", tls.version),
        (Some(tls), English) => format!("over {} (certificate not checked)", tls.version),
        (Some(tls), Chinese) => format!("使用 {}（未验证证书）", tls.version),
    }
}

fn subscribed(filter: &str, asked: QoS, granted: QoS, l: Language) -> String {
    let (asked, granted) = (u8::from(asked), u8::from(granted));
    match l {
        English if granted == asked => format!("Subscribed to {filter}, granted QoS {granted}"),
        Chinese if granted == asked => format!("已订阅 {filter}，授予 QoS {granted}"),
        English => format!("Subscribed to {filter}, granted QoS {granted} instead of {asked}"),
        Chinese => format!("已订阅 {filter}，授予 QoS {granted} 而非 QoS {asked}"),
    }
}

fn published(topic: &str, outcome: &PublishOutcome, took: Duration, l: Language) -> String {
    match outcome {
        PublishOutcome::Sent => match l {
            English => format!("Published to {topic} at QoS 0"),
            Chinese => format!("已以 QoS 0 发布到 {topic}"),
        },
        PublishOutcome::Acknowledged(said) => {
            let ms = took.as_secs_f64() * 1e3;
            let added = match (note(said, l), l) {
                (None, _) => String::new(),
                (Some(note), English) => format!(": {note}"),
                (Some(note), Chinese) => format!("：{note}"),
            };
            match l {
                English => format!("Published to {topic}, acknowledged after {ms:.1} ms{added}"),
                Chinese => format!("已发布到 {topic}，{ms:.1} ms 后收到确认{added}"),
            }
        }
        PublishOutcome::Refused(why) => match l {
            English => format!("Publishing to {topic} was refused: {}", rejection(why, l)),
            Chinese => format!("发布到 {topic} 被拒绝：{}", rejection(why, l)),
        },
        PublishOutcome::Lost => match l {
            English => format!("Publishing to {topic}: the connection was lost before an answer came"),
            Chinese => format!("发布到 {topic}：收到应答之前连接已断开"),
        },
    }
}

fn halted(why: Halt, l: Language) -> &'static str {
    match (why, l) {
        (Halt::Credentials, English) => {
            "Not tried again automatically, because brokers lock accounts out for that"
        }
        (Halt::Credentials, Chinese) => "不会自动重试，因为服务器可能因此锁定账户",
        (Halt::FailsAgain, English) => "Not tried again automatically, because it would fail again",
        (Halt::FailsAgain, Chinese) => "不会自动重试，因为仍会失败",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::link::Rejection;
    use crate::mqtt::reason::{Reason, ReasonCode};

    fn both(event: &LogEvent) -> [String; 2] {
        [line(event, English), line(event, Chinese)]
    }

    #[test]
    fn a_subscription_says_what_was_granted_and_why_not() {
        let subscribed =
            |granted| LogEvent::Subscribed { filter: "plant/#".to_owned(), asked: QoS::ExactlyOnce, granted };
        assert_eq!(
            both(&subscribed(QoS::ExactlyOnce)),
            ["Subscribed to plant/#, granted QoS 2", "已订阅 plant/#，授予 QoS 2"]
        );
        assert_eq!(
            both(&subscribed(QoS::AtLeastOnce)),
            ["Subscribed to plant/#, granted QoS 1 instead of 2", "已订阅 plant/#，授予 QoS 1 而非 QoS 2"]
        );
        let why = Rejection::Broker(Reason::new(ReasonCode::NOT_AUTHORIZED, Some("acl")));
        assert_eq!(
            line(&LogEvent::SubscribeRefused { filter: "#".to_owned(), why }, English),
            "SUBSCRIBE to # was refused: not authorized (acl)"
        );
    }

    #[test]
    fn an_acknowledgement_has_what_the_broker_added() {
        let published = |said| LogEvent::Published {
            topic: "a".to_owned(),
            outcome: PublishOutcome::Acknowledged(said),
            took: Duration::from_micros(3_440),
        };
        assert_eq!(
            line(&published(ReasonCode::SUCCESS.into()), English),
            "Published to a, acknowledged after 3.4 ms"
        );
        assert_eq!(
            line(&published(ReasonCode::NO_MATCHING_SUBSCRIBERS.into()), English),
            "Published to a, acknowledged after 3.4 ms: no matching subscribers"
        );
    }
}
