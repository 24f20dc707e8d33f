//! A message as a command for a shell: what mosquitto_pub or `mqttree pub` would have to be told to send it.
//!
//! Secrets are never part of it. What cannot be said on a command line is named, so that nobody takes the command for the
//! whole message.

use std::fmt::Write as _;
use std::path::PathBuf;

use data_encoding::BASE64;

use crate::message::PublishProperties;
use crate::mqtt::options::{ConnectOptions, MqttVersion, Protocol, VersionChoice};
use crate::mqtt::publish::Publish;

/// The program that sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishProgram {
    /// mosquitto_pub.
    Mosquitto,
    /// `mqttree pub`.
    Mqttree,
}

/// Whose rules the command is quoted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// POSIX shells: sh, bash, zsh.
    Posix,
    /// PowerShell, from 5.1 on.
    PowerShell,
}

/// The payload of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellPayload {
    /// What the message holds.
    Inline,
    /// It is in this file.
    File(PathBuf),
}

/// A command, and what it leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShellCommand {
    /// The command, in one line.
    pub text: String,
    /// Whether a password, a passphrase or another secret is missing.
    pub lacks_secret: bool,
    /// Whether correlation data are missing because they are not text.
    pub lacks_correlation_data: bool,
}

/// The command that sends a message over such a connection. `profile` is the name under which mqttree has saved it.
pub fn command(
    program: PublishProgram,
    shell: Shell,
    options: &ConnectOptions,
    profile: Option<&str>,
    message: &Publish,
    payload: &ShellPayload,
) -> ShellCommand {
    let mut words = Words { shell, words: Vec::new() };
    let mut made = ShellCommand::default();
    match (program, profile) {
        (PublishProgram::Mosquitto, _) => words.plain("mosquitto_pub"),
        (PublishProgram::Mqttree, _) => {
            words.plain("mqttree");
            words.plain("pub");
        }
    }
    if let (PublishProgram::Mqttree, Some(profile)) = (program, profile) {
        words.option("--profile", profile);
    } else {
        let has_properties = !message.properties.is_empty();
        made.lacks_secret = connection(&mut words, program, options, has_properties);
    }
    words.option("-t", &message.topic);
    if u8::from(message.qos) > 0 {
        words.option("-q", &u8::from(message.qos).to_string());
    }
    if message.retain {
        words.plain("-r");
    }
    made.lacks_correlation_data = properties(&mut words, &message.properties);
    made.text = words.with_payload(&message.payload, payload);
    made
}

/// Adds what the connection needs; returns whether a secret belongs to it. The client ID stays away: a second client with
/// the same one would end the session.
fn connection(
    words: &mut Words,
    program: PublishProgram,
    options: &ConnectOptions,
    has_properties: bool,
) -> bool {
    match options.protocol {
        Protocol::Unix => words.option("--unix", &options.host),
        Protocol::Ws | Protocol::Wss if program == PublishProgram::Mqttree => {
            words.option("-L", &options.url());
        }
        Protocol::Mqtt | Protocol::Mqtts | Protocol::Ws | Protocol::Wss => {
            words.option("-h", &options.host);
            words.option("-p", &options.port.to_string());
        }
    }
    match options.version {
        VersionChoice::Only(MqttVersion::V3_1) => words.option("-V", "31"),
        VersionChoice::Only(MqttVersion::V3_1_1) => words.option("-V", "311"),
        VersionChoice::Only(MqttVersion::V5) => words.option("-V", "5"),
        VersionChoice::Auto if has_properties => words.option("-V", "5"),
        VersionChoice::Auto => {}
    }
    if !options.username.is_empty() {
        words.option("-u", &options.username);
    }
    let tls = &options.tls;
    let files = [
        ("--cafile", &options.ca_certificate),
        ("--cert", &tls.client_certificate),
        ("--key", &tls.client_key),
    ];
    if options.protocol.has_tls() {
        if options.ca_certificate.is_none() {
            words.plain("--tls-use-os-certs");
        }
        for (option, path) in files {
            if let Some(path) = path {
                words.option(option, &path.to_string_lossy());
            }
        }
        if !tls.verify || !tls.verify_host {
            words.plain("--insecure");
        }
    }
    if options.protocol.is_websocket() && program == PublishProgram::Mosquitto {
        words.plain("--ws");
    }
    !options.username.is_empty()
}

/// Adds the properties of MQTT 5; returns whether correlation data could not be said.
fn properties(words: &mut Words, properties: &PublishProperties) -> bool {
    let PublishProperties {
        payload_format_indicator,
        message_expiry_interval_s,
        content_type,
        response_topic,
        correlation_data,
        subscription_identifiers: _,
        user_properties,
    } = properties;
    let mut property = |name: &str, values: &[&str]| {
        words.plain("-D");
        words.plain("publish");
        words.plain(name);
        for value in values {
            words.quoted(value);
        }
    };
    if let Some(indicator) = payload_format_indicator {
        property("payload-format-indicator", &[&indicator.to_string()]);
    }
    if let Some(seconds) = message_expiry_interval_s {
        property("message-expiry-interval", &[&seconds.to_string()]);
    }
    if let Some(content_type) = content_type {
        property("content-type", &[content_type]);
    }
    if let Some(topic) = response_topic {
        property("response-topic", &[topic]);
    }
    for (name, value) in user_properties {
        property("user-property", &[name, value]);
    }
    match correlation_data.as_deref().map(std::str::from_utf8) {
        None => false,
        Some(Ok(text)) if !text.contains('\0') => {
            property("correlation-data", &[text]);
            false
        }
        Some(_) => true,
    }
}

/// The words of a command, quoted for its shell.
struct Words {
    shell: Shell,
    words: Vec<String>,
}

impl Words {
    /// Adds a word that needs no quotes.
    fn plain(&mut self, word: &str) {
        self.words.push(word.to_owned());
    }

    fn quoted(&mut self, word: &str) {
        self.words.push(quote(self.shell, word));
    }

    fn option(&mut self, name: &str, value: &str) {
        self.plain(name);
        self.quoted(value);
    }

    /// The whole command with the payload.
    fn with_payload(mut self, payload: &[u8], from: &ShellPayload) -> String {
        if let ShellPayload::File(path) = from {
            self.option("-f", &path.to_string_lossy());
            return self.words.join(" ");
        }
        if payload.is_empty() {
            self.plain("-n");
            return self.words.join(" ");
        }
        let text = std::str::from_utf8(payload).ok().filter(|text| !text.contains('\0'));
        match (self.shell, text) {
            (Shell::Posix, Some(text)) => {
                self.option("-m", text);
                self.words.join(" ")
            }
            (Shell::Posix, None) => {
                self.plain("-s");
                format!("printf '{}' | {}", octal(payload), self.words.join(" "))
            }
            // PowerShell hands on quotes, backslashes and line ends in ways that differ between its versions.
            (Shell::PowerShell, Some(text)) if !text.contains(['"', '\\', '\n', '\r']) => {
                self.option("-m", text);
                self.words.join(" ")
            }
            (Shell::PowerShell, _) => {
                let bytes = BASE64.encode(payload);
                format!(
                    "$f = New-TemporaryFile; [IO.File]::WriteAllBytes($f, [Convert]::FromBase64String('{bytes}')); \
                     {} -f $f; Remove-Item $f",
                    self.words.join(" ")
                )
            }
        }
    }
}

/// A word that the shell takes as it is.
fn quote(shell: Shell, word: &str) -> String {
    let is_harmless = |char: char| char.is_ascii_alphanumeric() || "/._:=-+".contains(char);
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(is_harmless) {
        return word.to_owned();
    }
    match shell {
        Shell::Posix => format!("'{}'", word.replace('\'', r"'\''")),
        Shell::PowerShell => {
            let mut quoted = String::from("'");
            for char in word.chars() {
                // All of these end a string in single quotes; doubled they do not.
                if matches!(char, '\'' | '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}') {
                    quoted.push(char);
                }
                quoted.push(char);
            }
            quoted.push('\'');
            quoted
        }
    }
}

/// Bytes as `printf` writes them.
fn octal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4);
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'{' | b'}' | b':' | b',' | b'.') {
            text.push(char::from(*byte));
        } else {
            // Writing to a string cannot fail.
            write!(text, "\\{byte:03o}").unwrap_or_default();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;
    use crate::message::QoS;

    const BOTH: [PublishProgram; 2] = [PublishProgram::Mosquitto, PublishProgram::Mqttree];

    fn options() -> ConnectOptions {
        ConnectOptions {
            host: "host".to_owned(),
            username: "o'neill $HOME".to_owned(),
            ..ConnectOptions::default()
        }
    }

    /// What a program gets as arguments and on its standard input when sh runs the command.
    fn run(text: &str) -> (Vec<String>, Vec<u8>) {
        let stub = "f() { printf '%s\\0' \"$@\"; for a in \"$@\"; do [ \"$a\" = -s ] && printf '\\0\\0' && cat; done; :; }\n\
                    mosquitto_pub() { f \"$@\"; }\nmqttree() { f \"$@\"; }\n";
        let done = Command::new("sh").arg("-c").arg(format!("{stub}{text}")).output().unwrap();
        assert!(done.status.success() && done.stderr.is_empty(), "{text}: {done:?}");
        let out = done.stdout;
        let split = out.windows(3).position(|three| three == [0, 0, 0]);
        let (arguments, input) = match split {
            Some(at) => (&out[..at], out[at + 3..].to_vec()),
            None => (out.strip_suffix(&[0]).unwrap(), Vec::new()),
        };
        let arguments =
            arguments.split(|byte| *byte == 0).map(|word| String::from_utf8(word.to_vec()).unwrap());
        (arguments.collect(), input)
    }

    fn message(topic: &str, payload: &[u8]) -> Publish {
        Publish { topic: topic.to_owned(), payload: Bytes::copy_from_slice(payload), ..Publish::default() }
    }

    fn posix(program: PublishProgram, message: &Publish) -> ShellCommand {
        command(program, Shell::Posix, &options(), None, message, &ShellPayload::Inline)
    }

    #[test]
    fn the_command_says_what_it_leaves_out() {
        let mut message = message("a", b"1");
        message.properties.correlation_data = Some(vec![0xFF]);
        let made = posix(PublishProgram::Mosquitto, &message);
        assert!(made.lacks_secret && made.lacks_correlation_data);
        let made = command(
            PublishProgram::Mqttree,
            Shell::Posix,
            &options(),
            Some("my factory"),
            &message,
            &ShellPayload::Inline,
        );
        assert_eq!(made.text, "mqttree pub --profile 'my factory' -t a -m 1");
        assert!(!made.lacks_secret);
    }

    #[test]
    fn a_payload_in_a_file_is_named() {
        let payload = ShellPayload::File("/a b/c".into());
        let made = command(
            PublishProgram::Mqttree,
            Shell::Posix,
            &options(),
            Some("x"),
            &message("a", b""),
            &payload,
        );
        assert_eq!(made.text, "mqttree pub --profile x -t a -f '/a b/c'");
    }

    #[test]
    fn an_empty_payload_is_said_and_bytes_come_through_the_pipe() {
        for program in BOTH {
            let (arguments, _) = run(&posix(program, &message("a", b"")).text);
            assert_eq!(arguments.last().unwrap(), "-n");
            let bytes: Vec<u8> = (0..=255).collect();
            let (arguments, input) = run(&posix(program, &message("a", &bytes)).text);
            assert_eq!((arguments.last().unwrap().as_str(), input), ("-s", bytes));
        }
    }

    #[test]
    fn powershell_gets_quotes_in_a_file_and_single_quotes_doubled() {
        let of = |payload: &[u8]| {
            let message = message("it’s", payload);
            command(
                PublishProgram::Mqttree,
                Shell::PowerShell,
                &options(),
                Some("x"),
                &message,
                &ShellPayload::Inline,
            )
            .text
        };
        assert_eq!(of(b"it's $x"), "mqttree pub --profile x -t 'it’’s' -m 'it''s $x'");
        assert_eq!(
            of(b"{\"a\": 1}"),
            "$f = New-TemporaryFile; [IO.File]::WriteAllBytes($f, [Convert]::FromBase64String('eyJhIjogMX0=')); \
             mqttree pub --profile x -t 'it’’s' -f $f; Remove-Item $f"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_shell_hands_on_every_word_as_it_was_meant(
            topic in "[^\\x00+#]{1,20}",
            payload in "[^\\x00]{1,40}",
            name in "[^\\x00]{0,8}",
            value in "[^\\x00]{1,8}",
            retain in any::<bool>(),
        ) {
            let mut message = message(&topic, payload.as_bytes());
            message.qos = QoS::AtLeastOnce;
            message.retain = retain;
            message.properties.user_properties = vec![(name.clone(), value.clone())];
            for program in BOTH {
                let (arguments, _) = run(&posix(program, &message).text);
                let after = |option: &str, count: usize| {
                    let at = arguments.iter().position(|word| word == option).unwrap();
                    arguments[at + 1..=at + count].to_vec()
                };
                prop_assert_eq!(&after("-t", 1), std::slice::from_ref(&topic));
                prop_assert_eq!(after("-D", 4), ["publish", "user-property", &name, &value]);
                prop_assert_eq!(&arguments[arguments.len() - 2..], ["-m".to_owned(), payload.clone()]);
                prop_assert_eq!(&after("-u", 1), &["o'neill $HOME".to_owned()]);
                prop_assert_eq!(arguments.contains(&"-r".to_owned()), retain);
            }
        }
    }
}
