use clap::Parser;

use super::*;
use crate::cli::read_args;
use crate::mqtt::options::{
    Authentication, Mqtt5Options, NetworkOptions, Protocol, Proxy, WebsocketOptions, Will,
};

/// A command line with only connection options.
#[derive(Debug, Default, Parser)]
#[command(disable_help_flag = true)]
struct Line {
    #[command(flatten)]
    connection: ConnectionArgs,
}

fn args(line: &str) -> ConnectionArgs {
    read_args::<Line>(format!("x {line}").split_whitespace().map(Into::into)).unwrap().connection
}

fn over(connect: &ConnectOptions, line: &str) -> Result<Target, Usage> {
    let profile = Profile {
        password_place: PasswordPlace::File,
        file_secrets: Secrets {
            password: Secret::new("kept"),
            key_passphrase: Secret::new("kept"),
            proxy_password: Secret::new("kept"),
            token: Secret::new("kept"),
        },
        ..Profile::new("saved", connect.clone())
    };
    overlay(&args(line), profile, &Environment::default())
}

fn connect(connect: &ConnectOptions, line: &str) -> ConnectOptions {
    over(connect, line).unwrap_or_else(|wrong| panic!("{line}: {wrong:?}")).profile.connect
}

fn saved() -> ConnectOptions {
    ConnectOptions {
        host: "h".to_owned(),
        username: "ada".to_owned(),
        client_id: "saved".to_owned(),
        clean_session: false,
        mqtt5: Mqtt5Options { session_expiry_s: Some(60), ..Mqtt5Options::default() },
        will: Some(Will {
            topic: "gone".to_owned(),
            payload: "bye".to_owned(),
            retain: true,
            ..Will::default()
        }),
        ..ConnectOptions::default()
    }
}

#[test]
fn who_stands_apart_takes_neither_the_saved_session_nor_the_will() {
    let apart = |line: &str| {
        let mut apart = saved();
        stand_apart(&args(line), &mut apart);
        let ConnectOptions { client_id, clean_session, mqtt5, will, .. } = connect(&apart, line);
        (client_id, clean_session, mqtt5.session_expiry_s, will.map(|will| will.topic))
    };
    assert_eq!(apart(""), (String::new(), true, None, None));
    let kept = |id: &str| (id.to_owned(), false, Some(60), Some("gone".to_owned()));
    assert_eq!(apart("-i other"), kept("other"));
    let (client_id, clean_session, ..) = apart("-c");
    assert_eq!((client_id.as_str(), clean_session), ("saved", false));
    assert_eq!(apart("--will-topic t -x 5"), (String::new(), true, Some(5), Some("t".to_owned())));
    assert_eq!(apart("-D connect session-expiry-interval 5").2, Some(5));
    assert_eq!(apart("--will-payload x").3.as_deref(), Some("gone"));
}

#[test]
fn what_is_kept_for_one_broker_or_user_is_not_offered_to_another() {
    let proxy = Proxy { host: "p".to_owned(), username: "eve".to_owned(), ..Proxy::default() };
    let with_all = ConnectOptions {
        network: NetworkOptions { proxy: Some(proxy), ..NetworkOptions::default() },
        authentication: Authentication::Token { method: "JWT".to_owned() },
        ..saved()
    };
    let asked = |line: &str| {
        let Gathered { secrets, missing, .. } =
            over(&with_all, line).unwrap().gather(SecretStore::disabled());
        for kind in SecretKind::ALL {
            let kept = secrets.get(kind).expose() == "kept";
            assert!(!(kept && missing.contains(&kind)), "{line}: {kind:?} is asked for, and used as kept");
        }
        missing
    };
    let (password, by_proxy, token) = (SecretKind::Password, SecretKind::ProxyPassword, SecretKind::Token);
    assert_eq!(asked(""), []);
    assert_eq!(asked("-h H -p 1"), [], "the same broker");
    for other in ["-h other", "-L mqtt://other", "--unix /run/x"] {
        let missing = asked(other);
        assert!(missing.contains(&password) && missing.contains(&token), "{other}: {missing:?}");
    }
    assert_eq!(asked("-h other").len(), 3);
    assert_eq!(asked("-u bob"), [password]);
    assert_eq!(asked("--proxy http://eve@elsewhere"), [by_proxy]);
    assert_eq!(asked("-h other -P typed").len(), 2);
}

#[test]
fn a_port_that_was_given_stays_where_it_is() {
    let address = |line: &str| {
        let ConnectOptions { protocol, port, .. } = connect(&saved(), line);
        (protocol, port)
    };
    assert_eq!(address("--cafile ca.pem"), (Protocol::Mqtts, 8883));
    assert_eq!(address("-p 1883 --cafile ca.pem"), (Protocol::Mqtts, 1883));
    assert_eq!(address("-p 1 --insecure"), (Protocol::Mqtts, 1));
}

#[test]
fn over_a_socket_file_a_host_is_tcp_and_what_a_file_has_not_is_refused() {
    let file = ConnectOptions { protocol: Protocol::Unix, host: "/run/x".to_owned(), port: 7, ..saved() };
    for (line, url) in [
        ("-h h", "mqtt://h:1883"),
        ("-h h -p 5", "mqtt://h:5"),
        ("-h h --tls-use-os-certs", "mqtts://h:8883"),
        ("--unix /run/y", "unix:///run/y"),
        ("-L wss://h", "wss://h:443/mqtt"),
    ] {
        assert_eq!(connect(&file, line).url(), url, "{line}");
    }
    let refused = |line: &str| over(&file, line).unwrap_err();
    assert_eq!(refused("-p 5"), Usage::PortOfSocketFile { text: "5".to_owned() });
    let (option, protocol) = ("--cafile", Protocol::Unix);
    assert_eq!(refused("--cafile ca.pem"), Usage::NoTls { option, protocol });
}

#[test]
fn options_of_the_will_change_the_saved_one_unless_they_name_another() {
    let will = |line: &str| connect(&saved(), line).will.unwrap();
    let was = saved().will.unwrap();
    assert_eq!(will("-k 5"), was);
    assert_eq!(will("--will-payload x"), Will { payload: "x".to_owned(), ..was.clone() });
    let delayed = will("--will-qos 1 -D will will-delay-interval 5");
    assert_eq!((delayed.topic.as_str(), delayed.retain), ("gone", true));
    assert_eq!((u8::from(delayed.qos), delayed.properties.delay_interval_s), (1, Some(5)));
    assert_eq!(will("--will-topic t"), Will { topic: "t".to_owned(), ..Will::default() });
    let without = ConnectOptions { will: None, ..saved() };
    assert_eq!(over(&without, "--will-retain").unwrap_err(), Usage::WillWithoutTopic);
}

#[test]
fn headers_and_a_query_are_not_sent_to_another_web_server() {
    let key = ("X-Key".to_owned(), "hunter2".to_owned());
    let websocket = WebsocketOptions {
        path: "/ws?token=hunter2".to_owned(),
        headers: vec![key.clone()],
        ..WebsocketOptions::default()
    };
    let web = ConnectOptions { protocol: Protocol::Wss, port: 443, websocket, ..saved() };
    let sent = |line: &str| {
        let WebsocketOptions { path, headers, .. } = connect(&web, line).websocket;
        (path, headers)
    };
    assert_eq!(sent("-h h -p 1"), ("/ws?token=hunter2".to_owned(), vec![key]));
    assert_eq!(sent("-h other"), ("/ws".to_owned(), Vec::new()));
    assert_eq!(sent("-L wss://other/a?b=c"), ("/a?b=c".to_owned(), Vec::new()));
}
