//! What can be wrong with the arguments, and how they are right.

use std::path::PathBuf;

use crate::mqtt::check::Problem;
use crate::mqtt::filter::InvalidTopic;
use crate::mqtt::options::{Protocol, VersionChoice};
use crate::payload::decode::ChoiceError;
use crate::store::notice::{FileDamage, StoreError, SystemError};
use crate::store::settings::Renderer;
use crate::store::url::UrlError;
use crate::words::Language::English;
use crate::words::cli::property::PropertyError;
use crate::words::cli::recording::RecordingUsage;
use crate::words::cli::sequence::SequenceUsage;
use crate::words::format::excerpt;
use crate::words::{check, filter, options, payload, store, url};

/// What is wrong with the arguments. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Usage {
    /// `--profile` names no connection that can be used.
    Profile {
        /// The name.
        name: String,
        /// Why.
        error: Box<ProfileError>,
    },
    /// An option of a connection beside one that brings its own.
    OptionBeside {
        /// The option.
        option: &'static str,
        /// `--demo` or `--profile`.
        other: &'static str,
    },
    /// `--renderer` names one that this build lacks.
    RendererNotBuilt(Renderer),
    /// MQTT 3 has no password without a user name.
    PasswordAlone {
        /// The version that is asked for.
        version: VersionChoice,
    },
    /// A variable of the environment that is needed is not UTF-8.
    NotUtf8Variable {
        /// Its name.
        name: &'static str,
    },
    /// More than one option names the broker.
    SeveralBrokers,
    /// An address cannot be taken apart.
    Url {
        /// `URL` or `-L`.
        option: &'static str,
        /// What is wrong.
        error: UrlError,
    },
    /// A proxy has no scheme that is known.
    ProxyScheme,
    /// A proxy's address cannot be taken apart.
    ProxyUrl(UrlError),
    /// `-p` is no port.
    Port {
        /// What was typed.
        text: String,
    },
    /// A socket file has no port.
    PortOfSocketFile {
        /// What was typed.
        text: String,
    },
    /// An option and the URL disagree.
    Contradiction {
        /// The option.
        option: &'static str,
        /// What both give.
        what: UrlPart,
    },
    /// No such version of MQTT.
    Version {
        /// What was typed.
        text: String,
    },
    /// No such version of TLS.
    TlsVersion {
        /// What was typed.
        text: String,
    },
    /// An option of TLS where there is none.
    NoTls {
        /// The option.
        option: &'static str,
        /// How the broker is reached.
        protocol: Protocol,
    },
    /// `-k` is no keep alive.
    KeepAlive {
        /// What was typed.
        text: String,
    },
    /// `-x` is no number of seconds.
    SessionExpiry {
        /// What was typed.
        text: String,
    },
    /// Not a level of QoS.
    Qos {
        /// The option.
        option: &'static str,
        /// What was typed.
        text: String,
    },
    /// Not a number from 1 on.
    Count {
        /// The option.
        option: &'static str,
        /// What was typed.
        text: String,
    },
    /// `--repeat-delay` is no number of seconds.
    RepeatDelay {
        /// What was typed.
        text: String,
    },
    /// `--repeat` beside `-l`.
    RepeatOfLines,
    /// Something of a last will, but no topic.
    WillWithoutTopic,
    /// The connection cannot be used as it is.
    Problem {
        /// The option that it comes from, as it was typed where that helps.
        option: String,
        /// What is wrong.
        problem: Problem,
    },
    /// `-D` is wrong.
    Property(PropertyError),
    /// `--as` names no way to read a payload.
    Choice {
        /// What was typed.
        text: String,
        /// Why.
        error: ChoiceError,
    },
    /// Nothing to subscribe to.
    NoFilter,
    /// A topic filter is malformed.
    Filter {
        /// `-T` or `-U`.
        option: &'static str,
        /// What was typed.
        text: String,
        /// What is wrong.
        error: InvalidTopic,
    },
    /// `-R` and `--retained-only` leave nothing.
    NothingLeft,
    /// `-F` is malformed.
    Format {
        /// What was typed.
        text: String,
        /// What is wrong.
        error: FormatError,
    },
    /// An end of a subscription, and nothing that is subscribed to.
    UnsubscribeAlone,
    /// `--retain-handling` is none of its words.
    RetainHandling {
        /// What was typed.
        text: String,
    },
    /// `--random-filter` is no percentage.
    Percentage {
        /// What was typed.
        text: String,
    },
    /// The file of `-o` cannot be read.
    OptionsFile {
        /// The file.
        file: PathBuf,
        /// Why.
        error: SystemError,
    },
    /// Nothing to publish to.
    NoTopic,
    /// The topic to publish to is malformed.
    Topic {
        /// What was typed.
        text: String,
        /// What is wrong.
        error: InvalidTopic,
    },
    /// A request without the topic of its response.
    NoResponseTopic,
    /// No request, or several.
    OneRequest,
    /// No payload, or several.
    OnePayload,
    /// About recordings.
    Recording(RecordingUsage),
    /// About sequences.
    Sequence(SequenceUsage),
}

/// Why a saved connection cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileError {
    /// There is no folder in which connections could be saved.
    Folder(StoreError),
    /// The saved connections cannot be read.
    File(StoreError),
    /// The connection is not there, and the file is damaged: it may be what could not be read.
    Damaged {
        /// Where the connections are.
        file: PathBuf,
        /// What is wrong with the file.
        damage: FileDamage,
    },
    /// No saved connection has this name.
    None {
        /// The names that there are.
        saved: Vec<String>,
    },
    /// Several saved connections have this name.
    Several {
        /// How many.
        count: usize,
    },
}

/// A part of an address that an option gives too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlPart {
    /// The user name.
    Username,
    /// The password.
    Password,
    /// The port.
    Port,
}

/// What is wrong with a format string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// It ends behind a `%`, a `@` or a `\`.
    Incomplete(char),
    /// No such letter.
    Unknown(String),
    /// A field is wider than this.
    TooWide {
        /// In characters.
        max: usize,
    },
}

impl Usage {
    /// What is wrong, as a part of a sentence.
    pub(super) fn wrong(&self) -> String {
        match self {
            Self::Profile { name, error } => error.wrong(name),
            Self::OptionBeside { option, other } => {
                format!("{option} belongs to a connection, and {other} brings its own options")
            }
            Self::RendererNotBuilt(renderer) => {
                let (asked, other) = match renderer {
                    Renderer::Wgpu => ("wgpu", "OpenGL"),
                    Renderer::Glow | Renderer::Automatic => ("glow", "wgpu"),
                };
                format!("--renderer {asked}: this mqttree was built without it and draws with {other} alone")
            }
            Self::PasswordAlone { version } => {
                let version = options::version(*version, English);
                format!("a password was given without a user name, which MQTT {version} does not allow")
            }
            Self::NotUtf8Variable { name } => format!("{name} is not UTF-8, and a text of MQTT is"),
            Self::Choice { text, error } => {
                format!("--as {}: {}", excerpt(text, English), payload::choice_error(error, English))
            }
            Self::SeveralBrokers => "the broker is named more than once".to_owned(),
            Self::Url { option, error } => format!("{option}: {}", url::error(*error, English)),
            Self::ProxyScheme => "--proxy: a proxy begins with http:// or socks5h://".to_owned(),
            Self::ProxyUrl(error) => format!("--proxy: {}", url::error(*error, English)),
            Self::Port { text } => format!("-p {text}: a port is a number from 1 to 65535"),
            Self::PortOfSocketFile { text } => format!("-p {text}: a socket file has no port"),
            Self::Contradiction { option, what } => {
                format!("{option} and the URL give different values for the {}", place(*what))
            }
            Self::Version { text } => format!("-V {text}: not a version of MQTT"),
            Self::TlsVersion { text } => {
                format!("--tls-version {text}: not a version of TLS that is spoken here")
            }
            Self::NoTls { option, protocol } => {
                format!("{option} is for TLS, and {}:// has none", protocol.scheme())
            }
            Self::KeepAlive { text } => {
                format!("-k {text}: a keep alive is a number of seconds from 0 to 65535")
            }
            Self::SessionExpiry { text } => format!("-x {text}: not a number of seconds"),
            Self::RepeatDelay { text } => format!("--repeat-delay {text}: not a number of seconds"),
            Self::Qos { option, text } => format!("{option} {text}: QoS is 0, 1 or 2"),
            Self::Count { option, text } => format!("{option} {text}: not a number from 1 on"),
            Self::RepeatOfLines => "--repeat: the lines of -l come once".to_owned(),
            Self::WillWithoutTopic => "a last will needs a topic".to_owned(),
            Self::Problem { option, .. } => format!("{option} cannot be used"),
            Self::NoFilter => "there is no topic to subscribe to".to_owned(),
            Self::Filter { option, text, error } => {
                format!("{option} {text}: {}", filter::invalid(*error, English))
            }
            Self::NothingLeft => {
                "-R leaves retained messages out, and --retained-only all others: nothing is left".to_owned()
            }
            Self::Format { text, error } => format!("-F {text}: {}", format(error)),
            Self::UnsubscribeAlone => "-U alone: a new session has nothing to unsubscribe from".to_owned(),
            Self::RetainHandling { text } => format!("--retain-handling {text}: not a way to handle them"),
            Self::Percentage { text } => {
                format!("--random-filter {text}: not a percentage from 0.1 to 100")
            }
            Self::OptionsFile { file, error } => {
                format!("-o {}: it cannot be read: {}", file.display(), error.text)
            }
            Self::NoTopic => "there is no topic to publish to".to_owned(),
            Self::Topic { text, error } => format!("-t {text}: {}", filter::invalid(*error, English)),
            Self::NoResponseTopic => "there is no response topic".to_owned(),
            Self::OneRequest => "a request comes from one place: -m TEXT, -f FILE, -s or -n".to_owned(),
            Self::OnePayload => "a message comes from one place: -m TEXT, -f FILE, -l, -s or -n".to_owned(),
            Self::Property(error) => error.wrong(),
            Self::Recording(wrong) => wrong.wrong(),
            Self::Sequence(wrong) => wrong.wrong(),
        }
    }

    /// How it is right, as a sentence.
    pub(super) fn right(&self) -> String {
        match self {
            Self::Profile { error, .. } => error.right(),
            Self::OptionBeside { option, .. } => {
                format!("Leave {option} out, or name the broker with -h HOST or a URL.")
            }
            Self::RendererNotBuilt(Renderer::Wgpu) => {
                "Leave --renderer out, or build mqttree with --features wgpu.".to_owned()
            }
            Self::RendererNotBuilt(_) => "Leave --renderer out.".to_owned(),
            Self::PasswordAlone { .. } => "Add -u USER, or use -V 5.".to_owned(),
            Self::NotUtf8Variable { name } => format!("Set {name} again in UTF-8, or unset it."),
            Self::SeveralBrokers => "Use one of URL, -L URL, -h HOST and --unix PATH.".to_owned(),
            Self::Url { .. } => "For example: mqtt://user@example.org:1883".to_owned(),
            Self::ProxyScheme | Self::ProxyUrl(_) => {
                "For example: --proxy socks5h://user@example.org:1080".to_owned()
            }
            Self::Port { .. } => "For example: -p 1883".to_owned(),
            Self::PortOfSocketFile { .. } => "Leave -p out.".to_owned(),
            Self::Contradiction { option, what } => {
                format!("Leave out {option}, or take the {} out of the URL.", place(*what))
            }
            Self::Version { .. } => "Use -V auto, -V 5, -V 311 or -V 31.".to_owned(),
            Self::TlsVersion { .. } => "Use --tls-version tlsv1.2 or --tls-version tlsv1.3.".to_owned(),
            Self::NoTls { option, protocol } => {
                let secure = match protocol {
                    Protocol::Ws | Protocol::Wss => "Write wss://",
                    Protocol::Unix => "Use a TCP port",
                    Protocol::Mqtt | Protocol::Mqtts => "Write mqtts://",
                };
                format!("{secure} or leave {option} out.")
            }
            Self::KeepAlive { .. } => "For example: -k 60".to_owned(),
            Self::SessionExpiry { .. } => "For example: -x 3600, or -x -1".to_owned(),
            Self::Qos { option, .. } => format!("For example: {option} 1"),
            Self::Count { option, .. } => format!("For example: {option} 10"),
            Self::RepeatDelay { .. } => "For example: --repeat-delay 0.5".to_owned(),
            Self::RepeatOfLines => "Leave --repeat out, or use -s.".to_owned(),
            Self::WillWithoutTopic => "Add --will-topic TOPIC.".to_owned(),
            Self::Problem { problem, .. } => check::issue(&problem.issue, English),
            Self::Choice { .. } => "mqttree decode --list prints the formats.".to_owned(),
            Self::NoFilter => "Add -t FILTER, for example -t '#'.".to_owned(),
            Self::Filter { option, .. } => format!("For example: {option} 'a/+/b'"),
            Self::NothingLeft => "Use one of them.".to_owned(),
            Self::Format { .. } => "For example: -F '%I %t %p'".to_owned(),
            Self::UnsubscribeAlone => {
                "Add -t FILTER, or -c and -i ID for a session that the broker keeps.".to_owned()
            }
            Self::RetainHandling { .. } => "Use always, new or never.".to_owned(),
            Self::Percentage { .. } => "For example: --random-filter 10".to_owned(),
            Self::OptionsFile { .. } => "Check its name and its rights.".to_owned(),
            Self::NoTopic => "Add -t TOPIC.".to_owned(),
            Self::Topic { .. } => "For example: -t home/lamp".to_owned(),
            Self::NoResponseTopic => "Add -e TOPIC, for example -e answers.".to_owned(),
            Self::OneRequest | Self::OnePayload => "For example: -m on, or -n for an empty one.".to_owned(),
            Self::Property(error) => error.right(),
            Self::Recording(wrong) => wrong.right(),
            Self::Sequence(wrong) => wrong.right(),
        }
    }
}

impl ProfileError {
    fn wrong(&self, name: &str) -> String {
        match self {
            Self::Folder(error) | Self::File(error) => {
                format!("--profile {name}: {}", store::error(error, English))
            }
            Self::Damaged { file, damage } => {
                let faults = store::faults(&damage.faults, English);
                format!("--profile {name}: {} is damaged. {faults}", file.display())
            }
            Self::None { .. } => format!("--profile: no saved connection is called \"{name}\""),
            Self::Several { count } => format!("--profile: {count} saved connections are called \"{name}\""),
        }
    }

    fn right(&self) -> String {
        match self {
            Self::Folder(_) => "MQTTREE_HOME names a folder of your own.".to_owned(),
            Self::File(_) => "Name the broker with -h HOST instead.".to_owned(),
            Self::Damaged { damage, .. } => {
                let salvaged = store::salvaged(damage.salvaged, English);
                format!("{salvaged} Mend the file, or name the broker with -h HOST instead.")
            }
            Self::None { saved } if saved.is_empty() => {
                "None is saved yet; mqttree without arguments opens the window in which to make one."
                    .to_owned()
            }
            Self::None { saved } => {
                let names: Vec<String> = saved.iter().map(|name| format!("\"{name}\"")).collect();
                format!("Saved are {}.", names.join(", "))
            }
            Self::Several { .. } => "Rename one of them in the window.".to_owned(),
        }
    }
}

const fn place(place: UrlPart) -> &'static str {
    match place {
        UrlPart::Username => "user name",
        UrlPart::Password => "password",
        UrlPart::Port => "port",
    }
}

fn format(error: &FormatError) -> String {
    match error {
        FormatError::Incomplete(last) => format!("the format ends after its last {last}"),
        FormatError::Unknown(letter) => format!("{letter} is nothing that a format knows"),
        FormatError::TooWide { max } => format!("a field is at most {max} characters wide"),
    }
}
