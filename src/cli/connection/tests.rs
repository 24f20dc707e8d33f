use super::*;
use crate::cli::args::Args;
use crate::cli::{Launch, parse_with, status};
use crate::message::QoS;
use crate::mqtt::options::{
    Authentication, ConnectOptions, Mqtt5Options, MqttVersion, Protocol, Proxy, ProxyKind, Secrets,
    TlsVersions, VersionChoice, Will, WillProperties,
};

fn parse(line: &str, environment: &Environment) -> Result<Launch, crate::cli::Exit> {
    let words = line.split_whitespace().map(|word| if word == "''" { "".into() } else { word.into() });
    parse_with(words, environment)
}

fn connection(line: &str) -> (ConnectOptions, Secrets) {
    let launch = parse(line, &Environment::default()).unwrap_or_else(|exit| panic!("{line}: {}", exit.text));
    let [connection] = launch.connections.try_into().unwrap();
    (connection.profile.connect, connection.secrets)
}

fn options(line: &str) -> ConnectOptions {
    connection(line).0
}

fn wrong(line: &str) -> String {
    let exit = parse(line, &Environment::default()).expect_err(line);
    assert_eq!((exit.status, exit.to_stderr), (status::USAGE, true), "{line}: {}", exit.text);
    exit.text
}

#[test]
fn the_scheme_of_the_url_decides_how_it_is_reached() {
    for (line, url) in [
        ("mqttree ws://h", "ws://h:80/mqtt"),
        ("mqttree wss://h:8084/a/b?token=1", "wss://h:8084/a/b?…"),
        ("mqttree -L wss://ada@h/", "wss://h:443/"),
        ("mqttree wss://h -p 1", "wss://h:1/mqtt"),
    ] {
        let options = options(line);
        assert_eq!(options.url(), url, "{line}");
        assert_eq!(options.subscriptions[0].filter, "#", "a path is no topic: {line}");
    }
    assert_eq!(options("mqttree wss://h/a?token=1").websocket.path, "/a?token=1");
    assert!(wrong("mqttree ws://h/a#b").contains("the path in the URL cannot be used"));
}

#[test]
#[cfg(unix)]
fn a_socket_file_is_named_by_its_path() {
    for (line, url) in [
        ("mqttree unix:///run/broker.sock", "unix:///run/broker.sock"),
        ("mqttree --unix run/broker.sock", "unix://run/broker.sock"),
    ] {
        assert_eq!(options(line).url(), url, "{line}");
    }
    assert!(wrong("mqttree --unix /x -p 1").contains("a socket file has no port"));
    assert!(wrong("mqttree --unix ''").contains("--unix \"\" cannot be used"));
}

#[test]
#[cfg(not(unix))]
fn a_socket_file_is_refused_where_there_are_none() {
    for line in ["mqttree unix:///run/broker.sock", "mqttree --unix run/broker.sock"] {
        assert!(wrong(line).contains("This system has no socket files"), "{line}");
    }
}

#[test]
fn tls_options_turn_tls_on_and_need_it() {
    let options = options(
        "mqttree -h h --cert c.pem --key k.pem --trust-any-certificate --tls-alpn a --tls-alpn b --tls-version tlsv1.3",
    );
    assert_eq!((options.protocol, options.port), (Protocol::Mqtts, 8883));
    let tls = options.tls;
    assert_eq!((tls.client_certificate, tls.client_key), (Some("c.pem".into()), Some("k.pem".into())));
    assert_eq!(
        (tls.verify, tls.alpn, tls.versions),
        (false, vec!["a".into(), "b".into()], TlsVersions::Only1_3)
    );
    for option in [
        "--cafile x",
        "--capath x",
        "--tls-use-os-certs",
        "--cert x",
        "--insecure",
        "--trust-any-certificate",
        "--tls-alpn x",
    ] {
        assert_eq!(connection(&format!("mqttree -h h {option}")).0.protocol, Protocol::Mqtts, "{option}");
        assert_eq!(connection(&format!("mqttree wss://h {option}")).0.protocol, Protocol::Wss, "{option}");
        assert!(wrong(&format!("mqttree ws://h {option}")).contains("Write wss://"), "{option}");
        assert!(wrong(&format!("mqttree --unix /x {option}")).contains("Use a TCP port"), "{option}");
    }
    assert!(wrong("mqttree -h h --key k.pem").contains("--cert cannot be used"));
    assert!(wrong("mqttree -h h --tls-version tlsv1.1").contains("Use --tls-version tlsv1.2"));
}

#[test]
fn a_proxy_is_a_url() {
    let proxy = |line: &str| {
        let (options, secrets) = connection(line);
        (options.network.proxy.unwrap(), secrets.proxy_password.expose().to_owned())
    };
    let expected = |kind, port, username: &str| Proxy {
        kind,
        host: "p".to_owned(),
        port,
        username: username.to_owned(),
    };
    for (url, kind, port, username, password) in [
        ("socks5h://p", ProxyKind::Socks5, 1080, "", ""),
        ("SOCKS5://p:9050/", ProxyKind::Socks5, 9050, "", ""),
        ("http://ada:s%2Fecret@p", ProxyKind::Http, 8080, "ada", "s/ecret"),
    ] {
        let found = proxy(&format!("mqttree -h h --proxy {url}"));
        assert_eq!(found, (expected(kind, port, username), password.to_owned()), "{url}");
    }
    for url in ["p:1080", "https://ada:hunter2@p", "http://ada:hunter2@", "http://ada:hunter2@p:x"] {
        let text = wrong(&format!("mqttree -h h --proxy {url}"));
        assert!(text.contains("--proxy: ") && !text.contains("hunter2"), "{url}: {text}");
    }
}

#[test]
fn a_session_is_kept_as_with_mosquitto() {
    let expiry = |line: &str| options(line).mqtt5.session_expiry_s;
    assert_eq!(expiry("mqttree -h h"), None);
    assert_eq!(expiry("mqttree -h h -x 60"), Some(60));
    assert_eq!(expiry("mqttree -h h -x -1"), Some(u32::MAX));
    assert_eq!(expiry("mqttree -h h -x 0"), Some(0));
    assert_eq!(
        expiry("mqttree -h h -c -i me"),
        Some(u32::MAX),
        "MQTT 5 ends it with the connection otherwise"
    );
    assert_eq!(expiry("mqttree -h h -c -i me -x 60"), Some(60));
    assert_eq!(expiry("mqttree -h h -c -i me -V 311"), None);
    assert!(wrong("mqttree -h h -x soon").contains("-x soon: not a number of seconds"));
}

#[test]
fn the_last_will_and_its_properties_come_together() {
    let line = "mqttree -h h --will-topic t --will-payload -gone --will-qos 1 --will-retain \
                -D will will-delay-interval 5 -D will user-property a b -D will content-type text/plain";
    let expected = Will {
        topic: "t".to_owned(),
        payload: "-gone".to_owned(),
        qos: QoS::AtLeastOnce,
        retain: true,
        properties: WillProperties {
            delay_interval_s: Some(5),
            content_type: Some("text/plain".to_owned()),
            user_properties: vec![("a".to_owned(), "b".to_owned())],
            ..WillProperties::default()
        },
    };
    assert_eq!(options(line).will, Some(expected));
    for line in ["--will-payload x", "--will-retain", "--will-qos 1", "-D will content-type x"] {
        assert!(wrong(&format!("mqttree -h h {line}")).contains("a last will needs a topic"), "{line}");
    }
    assert!(wrong("mqttree -h h --will-topic a/#").contains("--will-topic cannot be used"));
    assert!(wrong("mqttree -h h --will-topic a --will-qos 3").contains("--will-qos 3: QoS is 0, 1 or 2"));
}

#[test]
fn properties_of_connect_are_written_as_with_mosquitto() {
    let line = "mqttree -D connect session-expiry-interval 60 -D connect receive-maximum 10 \
                -D connect maximum-packet-size 1000 -D connect topic-alias-maximum 5 \
                -D connect request-problem-information 0 --property connect request-response-information 1 \
                -D connect user-property one 1 -D connect user-property -D -D mqtt://h/a/#";
    let options = options(line);
    let expected = Mqtt5Options {
        session_expiry_s: Some(60),
        receive_max: Some(10),
        packet_bytes_max: Some(1000),
        topic_alias_max: 5,
        request_response_information: true,
        request_problem_information: false,
        user_properties: vec![("one".into(), "1".into()), ("-D".into(), "-D".into())],
    };
    assert_eq!(options.mqtt5, expected);
    assert_eq!((options.host.as_str(), options.subscriptions[0].filter.as_str()), ("h", "a/#"));
}

#[test]
fn an_authentication_method_is_scram_or_a_token() {
    let (options, secrets) =
        connection("mqttree -h h -D connect authentication-method JWT -D connect authentication-data abc");
    assert_eq!(options.authentication, Authentication::Token { method: "JWT".to_owned() });
    assert_eq!(secrets.token.expose(), "abc");
    let scram = "mqttree -h h -u ada -D connect authentication-method SCRAM-SHA-256";
    assert_eq!(connection(scram).0.authentication, Authentication::ScramSha256);
    assert!(wrong(&format!("{scram} -V 311")).contains("SCRAM-SHA-256 needs MQTT 5"));
}

#[test]
fn what_is_wrong_with_a_property_is_said_without_its_value() {
    for (line, expected) in [
        ("-D connect", "belong together"),
        ("-D connect receive-maximum", "belong together"),
        ("-D connect user-property hunter2", "belong together"),
        ("-D connect receive-maximum hunter2", "the value is no number"),
        ("-D connect receive-maximum 0", "-D connect receive-maximum cannot be used"),
        ("-D connect request-problem-information hunter2", "the value is 0 or 1"),
        ("-D connect will-delay-interval 5", "Known are session-expiry-interval"),
        ("-D publish content-type hunter2", "the window takes properties of connect and will"),
    ] {
        let text = wrong(&format!("mqttree -h h {line}"));
        assert!(text.contains(expected) && !text.contains("hunter2"), "{line}\n{text}");
    }
}

#[test]
fn secrets_of_the_environment_go_where_they_are_needed() {
    let secrets = Secrets {
        password: Secret::new("password"),
        key_passphrase: Secret::new("passphrase"),
        proxy_password: Secret::new("proxy"),
        token: Secret::new("token"),
    };
    let environment = Environment { secrets: secrets.clone(), ..Environment::default() };
    let found = |line: &str| parse(line, &environment).unwrap().connections[0].secrets.clone();
    assert_eq!(found("mqttree -h h"), Secrets::default());
    let line = "mqttree -h h -u ada --cert c --key k --proxy http://p@q -D connect authentication-method JWT";
    assert_eq!(found(line), secrets);
    let line = format!("{line}2 -P typed");
    assert_eq!(found(&line).password.expose(), "typed");
}

#[test]
fn every_version_can_be_asked_for() {
    for (name, version) in [
        ("auto", VersionChoice::Auto),
        ("5", MqttVersion::V5.into()),
        ("311", MqttVersion::V3_1_1.into()),
        ("31", MqttVersion::V3_1.into()),
    ] {
        assert_eq!(options(&format!("mqttree -h h -V {name}")).version, version);
    }
    assert_eq!(options("mqttree -h h").version, VersionChoice::Auto);
}

#[test]
fn insecure_gives_up_the_host_name_alone() {
    let tls = options("mqttree -h h --insecure").tls;
    assert_eq!((tls.verify, tls.verify_host), (true, false), "as mosquitto's");
    let tls = options("mqttree -h h --trust-any-certificate").tls;
    assert_eq!((tls.verify, tls.verify_host), (false, true));
}

#[test]
fn on_a_port_of_tls_only_a_url_asks_for_a_plain_connection() {
    for (line, url) in [
        ("mqttree -h h -p 8883 -u ada -P x", "mqtts://h:8883"),
        ("mqttree -h h -p 8884", "mqtts://h:8884"),
        ("mqttree -h h -p 443", "mqtts://h:443"),
        ("mqttree -h h -p 443 --ws", "wss://h:443/mqtt"),
        ("mqttree -h h --ws", "ws://h:80/mqtt"),
        ("mqttree -h h --ws --cafile ca.pem", "wss://h:443/mqtt"),
        ("mqttree -h h -p 8083 --ws", "ws://h:8083/mqtt"),
        ("mqttree mqtt://h:8883", "mqtt://h:8883"),
        ("mqttree mqtt://h -p 8883", "mqtt://h:8883"),
        ("mqttree ws://h:443", "ws://h:443/mqtt"),
        ("mqttree -h h -p 1883", "mqtt://h:1883"),
    ] {
        assert_eq!(options(line).url(), url, "{line}");
    }
}

#[test]
fn lines_for_mosquitto_are_understood() {
    let options =
        options("mqttree -h h -I probe- -M 5 --nodelay --keyform pem -V 5 --cert c.pem --capath certs");
    assert_eq!(options.client_id, format!("probe-{}", std::process::id()));
    assert_eq!(options.mqtt5.receive_max, Some(5));
    assert_eq!(options.ca_certificate, Some("certs".into()));
    for (line, expected) in [
        ("mqttree -h h -I a -i b", "cannot be used with"),
        ("mqttree -h h -M 0", "-M 0: not a number from 1 on"),
        ("mqttree -h h -k -1", "-k -1: a keep alive is a number of seconds"),
        ("mqttree -h h --keyform engine", "possible values: pem"),
        ("mqttree -h h -V 5 -D connect authentication-data x", "data means nothing without a method"),
        (
            "mqttree -h h -D connect content-type x",
            "connect has no such property; it is one of will and publish",
        ),
        ("mqttree -h h -D connect colour x", "there is no such property"),
    ] {
        let text = wrong(line);
        assert!(text.contains(expected), "{line}\n{text}");
    }
}

#[test]
fn any_connection_option_beside_a_saved_one_is_refused_by_its_name() {
    for option in [
        "-A 127.0.0.1",
        "--proxy http://p",
        "-x 5",
        "--insecure",
        "--cert c.pem",
        "--will-topic t",
        "-D connect receive-maximum 1",
        "-k 5",
    ] {
        let name = option.split(' ').next().unwrap();
        let text = wrong(&format!("mqttree --profile a {option}"));
        assert!(text.contains(&format!("{name} belongs to a connection")), "{text}");
    }
}

#[test]
fn no_debug_shows_a_secret() {
    let words = ["mqttree", "mqtt://a:hunter2@h", "-P", "hunter2", "--proxy", "http://a:hunter2@h"];
    let data = ["-D", "connect", "authentication-data", "hunter2"];
    let args = crate::cli::read_args::<Args>(words.into_iter().chain(data).map(Into::into)).unwrap();
    assert!(!format!("{args:?}").contains("hunter2"));
}
