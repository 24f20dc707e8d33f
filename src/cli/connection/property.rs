//! `-D COMMAND PROPERTY VALUE`: MQTT 5 properties, written as in mosquitto's programs.
//!
//! The number of values depends on the property, which the option parser cannot express. So [`join_properties`] first
//! joins each property into one argument.

use std::ffi::{OsStr, OsString};

use crate::cli::connection::value::number;
use crate::mqtt::options::{
    Authentication, ConnectOptions, MqttVersion, Secret, Secrets, VersionChoice, WillProperties,
};
use crate::mqtt::packet::Disconnect;
use crate::words::cli::{PropertyError, Usage};

/// A separator that no program argument can contain.
const SEPARATOR: char = '\0';

/// One parsed property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyArg {
    /// `connect`, `will`, `publish`, …; always in lower case.
    pub command: String,
    /// Name of the property, such as `user-property`.
    pub name: String,
    /// The value, or the name of a user property. May contain authentication data.
    pub value: Secret,
    /// The value of a user property; `None` for all other properties.
    pub second: Option<Secret>,
}

/// Joins each `-D` and its values into one argument. After `--` nothing is an option.
pub fn join_properties(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args = args.into_iter();
    let mut joined = Vec::new();
    while let Some(arg) = args.next() {
        if arg == "--" {
            joined.push(arg);
            break;
        }
        let is_property = arg == "-D" || arg == "--property";
        joined.push(arg);
        if is_property {
            let mut parts: Vec<OsString> = args.by_ref().take(2).collect();
            let values = if parts.get(1).is_some_and(|name| name == "user-property") { 2 } else { 1 };
            parts.extend(args.by_ref().take(values));
            joined.push(parts.join(OsStr::new(&SEPARATOR.to_string())));
        }
    }
    joined.extend(args);
    joined
}

impl PropertyArg {
    /// Parses one joined argument.
    pub fn parse(joined: &Secret) -> Result<Self, Usage> {
        let mut parts = joined.expose().split(SEPARATOR).map(str::to_owned);
        let (command, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let (value, second) = (parts.next().map(Secret::new), parts.next().map(Secret::new));
        let complete = if name == "user-property" { second.is_some() } else { value.is_some() };
        match value {
            Some(value) if complete => {
                Ok(Self { command: command.to_ascii_lowercase(), name, value, second })
            }
            _ => Err(Usage::Property(PropertyError::Incomplete)),
        }
    }

    /// Whether a joined argument concerns the last will.
    pub fn is_of_the_will(joined: &Secret) -> bool {
        joined.expose().split(SEPARATOR).next().is_some_and(|command| command.eq_ignore_ascii_case("will"))
    }

    /// Applies a property of CONNECT or the will to `options`; returns it if it belongs to another command.
    ///
    /// The will's properties are collected in `will`, because they may precede the will itself.
    pub fn apply(
        self,
        options: &mut ConnectOptions,
        will: &mut WillProperties,
        secrets: &mut Secrets,
    ) -> Result<Option<Self>, Usage> {
        match self.command.as_str() {
            "connect" => self.apply_to_connect(options, secrets).map(|()| None),
            "will" => self.apply_to_will(will).map(|()| None),
            _ => Ok(Some(self)),
        }
    }

    fn apply_to_connect(self, options: &mut ConnectOptions, secrets: &mut Secrets) -> Result<(), Usage> {
        let mqtt5 = &mut options.mqtt5;
        match self.name.as_str() {
            "session-expiry-interval" => mqtt5.session_expiry_s = Some(self.number()?),
            "receive-maximum" => mqtt5.receive_max = Some(self.number()?),
            "maximum-packet-size" => mqtt5.packet_bytes_max = Some(self.number()?),
            "topic-alias-maximum" => mqtt5.topic_alias_max = self.number()?,
            "request-response-information" => mqtt5.request_response_information = self.flag()?,
            "request-problem-information" => mqtt5.request_problem_information = self.flag()?,
            "user-property" => mqtt5.user_properties.push(self.pair()),
            "authentication-method" => options.authentication = authentication(self.value.expose()),
            "authentication-data" => secrets.token = self.value,
            _ => return Err(self.unknown(CONNECT)),
        }
        Ok(())
    }

    fn apply_to_will(self, will: &mut WillProperties) -> Result<(), Usage> {
        match self.name.as_str() {
            "payload-format-indicator" => will.payload_is_text = self.flag()?,
            "message-expiry-interval" => will.message_expiry_interval_s = Some(self.number()?),
            "content-type" => will.content_type = Some(self.text()),
            "response-topic" => will.response_topic = Some(self.text()),
            "correlation-data" => will.correlation_data = Some(self.text()),
            "user-property" => will.user_properties.push(self.pair()),
            "will-delay-interval" => will.delay_interval_s = Some(self.number()?),
            _ => return Err(self.unknown(WILL)),
        }
        Ok(())
    }

    /// The value as a text.
    pub fn text(&self) -> String {
        self.value.expose().to_owned()
    }

    /// Name and value of a user property.
    pub fn pair(&self) -> (String, String) {
        let second = self.second.as_ref().map_or("", Secret::expose);
        (self.text(), second.to_owned())
    }

    /// The value as a number.
    pub fn number<T: std::str::FromStr>(&self) -> Result<T, Usage> {
        number(self.value.expose())
            .ok_or_else(|| Usage::Property(PropertyError::NoNumber { property: self.title() }))
    }

    /// The value as a flag: 1 or 0.
    pub fn flag(&self) -> Result<bool, Usage> {
        match self.value.expose() {
            "0" | "false" => Ok(false),
            "1" | "true" => Ok(true),
            _ => Err(Usage::Property(PropertyError::NoFlag { property: self.title() })),
        }
    }

    /// The error for a property that the command does not have; `known` lists those it has.
    pub fn unknown(&self, known: &'static [&'static str]) -> Usage {
        let has_it = |(_, names): &&(&str, &[&str])| names.contains(&self.name.as_str());
        let others = COMMANDS.iter().filter(has_it).map(|(command, _)| *command).collect();
        Usage::Property(PropertyError::Unknown { property: self.title(), known, others })
    }

    /// The error for a property of a packet that the command does not send; `takes` lists those that it does.
    pub fn not_of_command(&self, takes: &'static [&'static str]) -> Usage {
        Usage::Property(PropertyError::NotOfCommand { command: self.command.clone(), takes })
    }

    /// Adds a property of DISCONNECT.
    pub fn apply_to_disconnect(
        &self,
        disconnect: &mut Disconnect,
        connect: &ConnectOptions,
    ) -> Result<(), Usage> {
        match self.name.as_str() {
            "session-expiry-interval" => {
                let expiry_s: u32 = self.number()?;
                let ends = connect.mqtt5.session_expiry_s.map_or(connect.clean_session, |kept_s| kept_s == 0);
                if ends && expiry_s > 0 {
                    return Err(Usage::Property(PropertyError::ExpiryOfEndedSession));
                }
                disconnect.session_expiry_s = Some(expiry_s);
            }
            "user-property" => disconnect.user_properties.push(self.pair()),
            _ => return Err(self.unknown(DISCONNECT)),
        }
        Ok(())
    }

    /// Command and name of the property: `connect receive-maximum`.
    fn title(&self) -> String {
        format!("{} {}", self.command, self.name)
    }
}

/// Requires MQTT 5 if there are properties, which older versions cannot send: `auto` becomes 5.
pub fn require_mqtt5(properties: &[PropertyArg], connect: &mut ConnectOptions) -> Result<(), Usage> {
    let Some(first) = properties.first() else { return Ok(()) };
    let version = connect.version;
    if !version.allows_5() {
        let command = first.command.clone();
        return Err(Usage::Property(PropertyError::NeedsMqtt5 { command, version }));
    }
    connect.version = VersionChoice::Only(MqttVersion::V5);
    Ok(())
}

/// The commands and their properties.
const COMMANDS: &[(&str, &[&str])] = &[
    ("connect", CONNECT),
    ("will", WILL),
    ("publish", PUBLISH),
    ("subscribe", SUBSCRIBE),
    ("unsubscribe", UNSUBSCRIBE),
    ("disconnect", DISCONNECT),
];

/// Properties of `-D publish`.
pub const PUBLISH: &[&str] = &[
    "content-type",
    "message-expiry-interval",
    "payload-format-indicator",
    "response-topic",
    "correlation-data",
    "topic-alias",
    "user-property",
];

/// Properties of `-D subscribe`.
pub const SUBSCRIBE: &[&str] = &["subscription-identifier", "user-property"];

/// Properties of `-D unsubscribe`.
pub const UNSUBSCRIBE: &[&str] = &["user-property"];

/// Properties of `-D disconnect`.
const DISCONNECT: &[&str] = &["session-expiry-interval", "user-property"];

const CONNECT: &[&str] = &[
    "session-expiry-interval",
    "receive-maximum",
    "maximum-packet-size",
    "topic-alias-maximum",
    "request-response-information",
    "request-problem-information",
    "user-property",
    "authentication-method",
    "authentication-data",
];

const WILL: &[&str] = &[
    "payload-format-indicator",
    "message-expiry-interval",
    "content-type",
    "response-topic",
    "correlation-data",
    "user-property",
    "will-delay-interval",
];

/// Methods that this program implements; any other method sends a token.
fn authentication(method: &str) -> Authentication {
    if Authentication::ScramSha256.method() == Some(method) {
        Authentication::ScramSha256
    } else {
        Authentication::Token { method: method.to_owned() }
    }
}
