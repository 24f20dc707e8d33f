//! What can be wrong with `-D`, and how it is right.

use crate::mqtt::options::VersionChoice;
use crate::words::Language::English;
use crate::words::options;

/// What is wrong with a property of MQTT 5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PropertyError {
    /// Not all that belongs to it is there.
    Incomplete,
    /// The value is no number.
    NoNumber {
        /// `connect receive-maximum`
        property: String,
    },
    /// The value is neither 0 nor 1.
    NoFlag {
        /// `connect request-problem-information`
        property: String,
    },
    /// There is no such property.
    Unknown {
        /// `connect colour`
        property: String,
        /// Those of this command.
        known: &'static [&'static str],
        /// The commands that have a property of this name.
        others: Vec<&'static str>,
    },
    /// The data of an authentication without its method.
    DataWithoutMethod,
    /// A session expiry of DISCONNECT although the session ends with the connection, which is a protocol error
    /// (MQTT 5.0, 3.14.2.2.2).
    ExpiryOfEndedSession,
    /// It means nothing to the window.
    NotOfWindow {
        /// `publish`
        command: String,
    },
    /// It means nothing to the command.
    NotOfCommand {
        /// `publish`
        command: String,
        /// What the command sends with properties: `["connect", "will"]`.
        takes: &'static [&'static str],
    },
    /// The version that is asked for has no properties.
    NeedsMqtt5 {
        /// `publish`
        command: String,
        /// That version.
        version: VersionChoice,
    },
}

impl PropertyError {
    pub(super) fn wrong(&self) -> String {
        match self {
            Self::Incomplete => {
                "-D: a command, a property and its value belong together; a user property has a name and a value"
                    .to_owned()
            }
            Self::NoNumber { property } => format!("-D {property}: the value is no number, or too large"),
            Self::NoFlag { property } => format!("-D {property}: the value is 0 or 1"),
            Self::Unknown { property, others, .. } => {
                let command = property.split(' ').next().unwrap_or_default();
                match others.as_slice() {
                    [] => format!("-D {property}: there is no such property"),
                    others => {
                        let others = others.join(" and ");
                        format!("-D {property}: {command} has no such property; it is one of {others}")
                    }
                }
            }
            Self::DataWithoutMethod => {
                "-D connect authentication-data: data means nothing without a method".to_owned()
            }
            Self::ExpiryOfEndedSession => {
                "-D disconnect session-expiry-interval: this session ends with the connection".to_owned()
            }
            Self::NotOfWindow { command } => {
                format!("-D {command}: the window takes properties of connect and will")
            }
            Self::NotOfCommand { command, takes } => {
                format!("-D {command}: properties of {} can be given here", list(takes))
            }
            Self::NeedsMqtt5 { command, version } => format!(
                "-D {command}: properties need MQTT 5, and MQTT {} is asked for",
                options::version(*version, English)
            ),
        }
    }

    pub(super) fn right(&self) -> String {
        match self {
            Self::Incomplete => {
                "For example: -D connect receive-maximum 10 -D connect user-property name value".to_owned()
            }
            Self::NoNumber { property } => format!("For example: -D {property} 10"),
            Self::NoFlag { property } => format!("For example: -D {property} 1"),
            Self::Unknown { known, .. } => format!("Known are {}.", known.join(", ")),
            Self::DataWithoutMethod => "Add -D connect authentication-method METHOD.".to_owned(),
            Self::ExpiryOfEndedSession => "Add -x SECONDS, or -c with -i ID.".to_owned(),
            Self::NotOfCommand { takes, .. } if takes.contains(&"publish") => {
                "For example: -D publish content-type text/plain".to_owned()
            }
            Self::NotOfWindow { .. } | Self::NotOfCommand { .. } => {
                "For example: -D connect receive-maximum 10".to_owned()
            }
            Self::NeedsMqtt5 { command, .. } => format!("Use -V 5, or leave -D {command} out."),
        }
    }
}

/// `connect, will and publish`
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
