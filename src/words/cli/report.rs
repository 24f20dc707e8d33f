//! What a command without a window says while it runs.

use std::path::PathBuf;

use crate::message::QoS;
use crate::mqtt::reason::ReasonCode;
use crate::payload::decode::{DecodeError, Format, Violation};
use crate::session::Declined;
use crate::session::connection_log::Crash;
use crate::session::status::Rejection;
use crate::store::notice::SystemError;
use crate::store::secrets::SecretError;
use crate::words::Language::English;
use crate::words::cli::recording::{RecordingNews, RecordingTrouble};
use crate::words::format::{count, excerpt, plural};
use crate::words::{Told, inspector, payload, reason, rejection, secrets, session};

/// Reasons to refuse a subscription that may be about what the user may read; 0x83 is "implementation specific error".
const MAY_BE_THE_RIGHTS: [ReasonCode; 3] =
    [ReasonCode::NOT_AUTHORIZED, ReasonCode::UNSPECIFIED_ERROR, ReasonCode(0x83)];

/// Something that failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// The connection was not begun.
    NotBegun {
        /// The broker's address.
        url: String,
        /// Why.
        why: NotBegun,
    },
    /// A thread of the session ended; `None` if it gave no reason.
    Session(Option<Crash>),
    /// The broker refused a subscription.
    Subscribe {
        /// Its filter.
        filter: String,
        /// Why.
        why: Rejection,
    },
    /// The session did not take the end of a subscription.
    Unsubscribe {
        /// Its filter.
        filter: String,
        /// Why.
        why: Declined,
    },
    /// A retained message was not deleted.
    Remove {
        /// Its topic.
        topic: String,
        /// Why.
        why: NotPublished,
    },
    /// A message was not published.
    Publish {
        /// Its topic.
        topic: String,
        /// Why.
        why: NotPublished,
    },
    /// About recordings.
    Recording(RecordingTrouble),
    /// A payload is not what was claimed, or cannot be read whole.
    Decode {
        /// The file.
        file: PathBuf,
        /// What it was to be read as.
        choice: Option<Format>,
        /// Why it is not.
        error: DecodeError,
    },
    /// A payload breaks the JSON Schema that was named.
    Violation {
        /// The file.
        file: PathBuf,
        /// How.
        violation: Violation,
    },
    /// Standard output cannot be written.
    Output(SystemError),
    /// A file cannot be written.
    NotWritten {
        /// The file.
        file: PathBuf,
        /// Why.
        error: SystemError,
    },
    /// Standard input cannot be read.
    Input(SystemError),
    /// Standard input is empty.
    EmptyInput,
    /// The file with the payload cannot be read.
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        error: SystemError,
    },
}

/// Why a connection was not begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotBegun {
    /// The keyring did not give a secret.
    Secret(SecretError),
    /// A secret could not be asked for on the terminal.
    Terminal(SystemError),
    /// Ctrl-C cannot be caught.
    Interrupts(SystemError),
    /// The payloads cannot be read.
    Payloads(SystemError),
}

/// Why a message was not published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotPublished {
    /// The session did not take it.
    Declined(Declined),
    /// It was refused.
    Refused(Rejection),
    /// The broker took too long to acknowledge it.
    NotAcknowledged,
    /// The broker took too long to read it.
    NotTaken,
    /// The connection was lost before the broker acknowledged it.
    Lost,
}

/// Something that happened, in one line.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// About recordings.
    Recording(RecordingNews),
    /// The time of `-W` is over.
    TimeOver {
        /// So many seconds.
        seconds: u32,
    },
    /// The connection stands for the first time; for `-d`.
    Connected {
        /// The broker's address.
        url: String,
    },
    /// The broker has granted a subscription; for `-d`.
    Subscribed {
        /// Its filter.
        filter: String,
        /// The QoS that was granted.
        qos: QoS,
    },
    /// The connection was lost, and what standard input says waits.
    Waiting {
        /// How many messages are under way.
        unanswered: usize,
    },
    /// The connection stands again.
    ConnectedAgain {
        /// The broker's address.
        url: String,
    },
    /// The connection was lost, or an attempt to connect again failed.
    Lost {
        /// What failed, in one line.
        failure: String,
        /// The time until the next attempt.
        seconds: f64,
    },
    /// The connection was lost before everything was deleted.
    LostBeforeRemoved,
    /// Ctrl-C while the broker had not answered everything.
    Stopped {
        /// How many messages it had not answered.
        unanswered: usize,
    },
    /// A payload is not JSON, and `%J` was asked for.
    NotJson {
        /// The topic.
        topic: String,
    },
    /// A payload is not the number that `%f` or `%d` reads.
    NotANumber {
        /// The topic.
        topic: String,
    },
    /// A retained message cannot be deleted, because its topic is not UTF-8.
    StaysRetained {
        /// The topic, with signs for what is not UTF-8.
        topic: String,
    },
}

/// Something that failed: what, why, and what to try.
pub fn trouble(trouble: &Trouble) -> Told {
    if let Trouble::Recording(trouble) = trouble {
        return trouble.told();
    }
    Told { what: trouble.what(), why: trouble.why(), hint: trouble.hint().to_owned() }
}

/// Something that happened, in one line without line feed.
pub fn news(news: &News) -> String {
    match news {
        News::Recording(news) => news.line(),
        News::TimeOver { seconds } => format!("the {seconds} s of -W are over"),
        News::Connected { url } => format!("connected to {url}"),
        News::Subscribed { filter, qos } => format!("subscribed to {filter} at QoS {}", u8::from(*qos)),
        News::Waiting { unanswered } => format!(
            "{} will be sent again; until then standard input is not read",
            plural(*unanswered as u64, "message", "messages")
        ),
        News::ConnectedAgain { url } => format!("connected again to {url}"),
        News::Lost { failure, seconds } => {
            format!("{}; next attempt in {seconds:.1} s", excerpt(failure, English))
        }
        News::LostBeforeRemoved => {
            "the connection was lost before all retained messages were deleted".to_owned()
        }
        News::Stopped { unanswered: 1 } => {
            "stopped; of one message the broker's answer is not known".to_owned()
        }
        News::Stopped { unanswered } => {
            format!("stopped; of {} messages the broker's answer is not known", count(*unanswered as u64))
        }
        News::NotJson { topic } => {
            format!("the payload on {} is not JSON, which %J needs", excerpt(topic, English))
        }
        News::NotANumber { topic } => format!(
            "the payload on {} is not the 4 bytes of %f or the 8 bytes of %d",
            excerpt(topic, English)
        ),
        News::StaysRetained { topic } => {
            let topic = excerpt(topic, English);
            format!("the retained message on {topic} stays: its topic is not UTF-8 and cannot be sent")
        }
    }
}

impl Trouble {
    fn what(&self) -> String {
        match self {
            Self::NotBegun { url, .. } => format!("Connection to {url}"),
            Self::Session(_) => "The session".to_owned(),
            Self::Subscribe { filter, .. } => format!("SUBSCRIBE to {filter}"),
            Self::Unsubscribe { filter, .. } => format!("UNSUBSCRIBE from {filter}"),
            Self::Remove { topic, .. } => format!("Deleting the retained message on {topic}"),
            Self::Publish { topic, .. } => format!("Publishing to {topic}"),
            Self::Output(_) => "Standard output".to_owned(),
            Self::Input(_) | Self::EmptyInput => "Standard input".to_owned(),
            Self::File { file, .. }
            | Self::NotWritten { file, .. }
            | Self::Decode { file, .. }
            | Self::Violation { file, .. } => {
                format!("File {}", file.display())
            }
            Self::Recording(trouble) => trouble.told().what,
        }
    }

    fn why(&self) -> String {
        match self {
            Self::NotBegun { why, .. } => why.told(),
            Self::Session(Some(crash)) => session::crash(crash, English),
            Self::Session(None) => "it ended by itself".to_owned(),
            Self::Subscribe { why, .. } => rejection::rejection(why, English),
            Self::Unsubscribe { why, .. } => session::declined(why, English),
            Self::Publish { why, .. } | Self::Remove { why, .. } => why.told(),
            Self::Output(error) | Self::NotWritten { error, .. } => {
                format!("it cannot be written: {}", error.text)
            }
            Self::Input(error) | Self::File { error, .. } => format!("it cannot be read: {}", error.text),
            Self::EmptyInput => "it is empty".to_owned(),
            Self::Recording(trouble) => trouble.told().why,
            Self::Violation { violation, .. } => format!("it {}", inspector::violation(violation, English)),
            Self::Decode { choice, error, .. } => {
                let why = payload::decode_error(error, English);
                match choice {
                    Some(format) => format!("it is not {}: {why}", format.id()),
                    None => why,
                }
            }
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Session(_) => "Report it; this is a defect of mqttree.",
            Self::Subscribe { why: Rejection::NoWildcards, .. } => {
                "Name each topic in full, without + and #."
            }
            Self::Subscribe { why: Rejection::Broker(reason), .. }
                if reason.code == ReasonCode::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED =>
            {
                "Name each topic in full, without + and #."
            }
            Self::Subscribe { why: Rejection::NoSharedSubscriptions, .. } => {
                "Leave out $share/GROUP/ before the filter."
            }
            Self::Subscribe { why: Rejection::NoSubscriptionIdentifiers, .. } => {
                "Leave out the subscription identifier."
            }
            Self::Subscribe { why: Rejection::Broker(reason), .. }
                if !MAY_BE_THE_RIGHTS.contains(&reason.code) =>
            {
                reason::hint(reason.code, English).unwrap_or_default()
            }
            Self::Subscribe { why: Rejection::Broker(_) | Rejection::Unexplained, .. } => {
                "Ask for a filter that this user may read, or connect as another user with -u."
            }
            Self::Subscribe { why: Rejection::PacketTooLarge { .. }, .. } => {
                "The limit is the broker's: raise its maximum packet size there."
            }
            Self::Publish { .. } => "Nothing is retried automatically.",
            Self::File { .. } | Self::NotWritten { .. } => "Check its name and its rights.",
            Self::EmptyInput => "-n publishes an empty message.",
            Self::NotBegun { .. }
            | Self::Recording(_)
            | Self::Subscribe { .. }
            | Self::Unsubscribe { .. }
            | Self::Remove { .. }
            | Self::Decode { .. }
            | Self::Violation { .. }
            | Self::Output(_)
            | Self::Input(_) => "",
        }
    }
}

impl NotBegun {
    fn told(&self) -> String {
        match self {
            Self::Secret(error) => secrets::error(error, English),
            Self::Terminal(error) => format!("it cannot be asked for on the terminal: {}", error.text),
            Self::Interrupts(error) => format!("Ctrl-C cannot be caught: {}", error.text),
            Self::Payloads(error) => error.text.clone(),
        }
    }
}

impl NotPublished {
    fn told(&self) -> String {
        match self {
            Self::Declined(why) => session::declined(why, English),
            Self::Refused(why) => rejection::rejection(why, English),
            Self::NotAcknowledged => "the broker did not acknowledge it in time".to_owned(),
            Self::NotTaken => "the broker did not take it in time".to_owned(),
            Self::Lost => "the connection was lost before the broker acknowledged it".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_the_broker_is_not_taken_for_a_lack_of_rights() {
        let told = |why| trouble(&Trouble::Subscribe { filter: "#".to_owned(), why });
        let small = told(Rejection::PacketTooLarge { bytes: 8, bytes_max: 1 });
        assert_eq!(small.why, "it makes a packet of 8 bytes; the broker allows at most 1");
        assert_eq!(small.hint, "The limit is the broker's: raise its maximum packet size there.");
        assert!(told(Rejection::Unexplained).hint.starts_with("Ask for a filter that this user may read"));
        let refused = |code: ReasonCode| told(Rejection::Broker(code.into())).hint;
        assert!(refused(ReasonCode::NOT_AUTHORIZED).ends_with("connect as another user with -u."));
        assert_eq!(refused(ReasonCode(0xA2)), "Name each topic in full, without + and #.");
        assert_eq!(told(Rejection::NoWildcards).hint, "Name each topic in full, without + and #.");
        assert_eq!(refused(ReasonCode::QUOTA_EXCEEDED), "The broker limits what this client may use.");
        assert_eq!(refused(ReasonCode(0x9E)), "Subscribe without $share.");
    }
}
