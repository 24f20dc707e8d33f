//! Whatever a profile holds, it comes back from the file.

use proptest::prelude::*;

use super::*;
use crate::message::QoS;
use crate::mqtt::options::{
    Authentication, Mqtt5Options, NetworkOptions, Protocol, Proxy, ProxyKind, RetainHandling, Subscription,
    TlsOptions, TlsVersions, VersionChoice, WebsocketOptions, Will, WillProperties,
};

fn text() -> impl Strategy<Value = String> {
    // Control characters, quotes, backslashes and other scripts are what a text format can get wrong.
    prop_oneof![
        any::<String>(),
        proptest::collection::vec(
            prop_oneof![Just('"'), Just('\''), Just('\\'), Just('\n'), Just('\r'), Just('\0'), any::<char>()],
            0..12
        )
        .prop_map(|chars| chars.into_iter().collect())
    ]
}

fn qos() -> impl Strategy<Value = QoS> {
    prop_oneof![Just(QoS::AtMostOnce), Just(QoS::AtLeastOnce), Just(QoS::ExactlyOnce)]
}

fn number() -> impl Strategy<Value = Option<u32>> {
    proptest::option::of(any::<u32>())
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::vec((text(), text()), 0..3)
}

fn maybe_text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(text())
}

fn path() -> impl Strategy<Value = Option<PathBuf>> {
    proptest::option::of(text().prop_map(PathBuf::from))
}

fn subscription() -> impl Strategy<Value = Subscription> {
    let handling = proptest::sample::select(RetainHandling::ALL.to_vec());
    let user_properties = proptest::collection::vec((text(), text()), 0..3);
    (text(), qos(), any::<(bool, bool, bool)>(), handling, number(), user_properties).prop_map(
        |(filter, qos, flags, retain_handling, identifier, user_properties)| {
            let (no_local, retain_as_published, enabled) = flags;
            Subscription {
                filter,
                qos,
                no_local,
                retain_as_published,
                retain_handling,
                identifier,
                user_properties,
                enabled,
            }
        },
    )
}

fn tls() -> impl Strategy<Value = TlsOptions> {
    let versions = proptest::sample::select(TlsVersions::ALL.to_vec());
    let alpn = proptest::collection::vec(text(), 0..3);
    (path(), path(), any::<(bool, bool)>(), text(), alpn, versions).prop_map(
        |(client_certificate, client_key, (verify, verify_host), server_name, alpn, versions)| TlsOptions {
            client_certificate,
            client_key,
            verify,
            verify_host,
            server_name,
            alpn,
            versions,
        },
    )
}

fn network() -> impl Strategy<Value = (WebsocketOptions, NetworkOptions)> {
    let websocket = (text(), pairs(), text()).prop_map(|(path, headers, subprotocol)| WebsocketOptions {
        path,
        headers,
        subprotocol,
    });
    let kind = proptest::sample::select(ProxyKind::ALL.to_vec());
    let proxy = (kind, text(), any::<u16>(), text()).prop_map(|(kind, host, port, username)| Proxy {
        kind,
        host,
        port,
        username,
    });
    let network = (text(), proptest::option::of(proxy), any::<(u16, u16)>()).prop_map(
        |(bind_address, proxy, (connect_timeout_s, answer_timeout_s))| NetworkOptions {
            bind_address,
            proxy,
            connect_timeout_s,
            answer_timeout_s,
        },
    );
    (websocket, network)
}

fn mqtt5() -> impl Strategy<Value = Mqtt5Options> {
    let flags = any::<(bool, bool)>();
    (number(), proptest::option::of(any::<u16>()), number(), any::<u16>(), flags, pairs()).prop_map(
        |(session_expiry_s, receive_max, packet_bytes_max, topic_alias_max, flags, user_properties)| {
            Mqtt5Options {
                session_expiry_s,
                receive_max,
                packet_bytes_max,
                topic_alias_max,
                request_response_information: flags.0,
                request_problem_information: flags.1,
                user_properties,
            }
        },
    )
}

fn authentication() -> impl Strategy<Value = Authentication> {
    prop_oneof![
        Just(Authentication::None),
        Just(Authentication::ScramSha256),
        text().prop_map(|method| Authentication::Token { method }),
    ]
}

fn will() -> impl Strategy<Value = Will> {
    let texts = (maybe_text(), maybe_text(), maybe_text());
    let properties = (number(), any::<bool>(), number(), texts, pairs()).prop_map(
        |(delay_interval_s, payload_is_text, message_expiry_interval_s, texts, user_properties)| {
            let (content_type, response_topic, correlation_data) = texts;
            WillProperties {
                delay_interval_s,
                payload_is_text,
                message_expiry_interval_s,
                content_type,
                response_topic,
                correlation_data,
                user_properties,
            }
        },
    );
    (text(), text(), qos(), any::<bool>(), properties).prop_map(
        |(topic, payload, qos, retain, properties)| Will { topic, payload, qos, retain, properties },
    )
}

/// Every field, whether it makes sense or not.
fn connect() -> impl Strategy<Value = ConnectOptions> {
    let protocol = proptest::sample::select(Protocol::ALL.to_vec());
    let version = proptest::sample::select(VersionChoice::ALL.to_vec());
    let plain = (protocol, version, [text(), text(), text()], any::<(u16, u16, bool)>());
    let lists = proptest::collection::vec(subscription(), 0..4);
    let variables = proptest::collection::vec((text(), text()), 0..3);
    let secret_variables = proptest::collection::vec(text(), 0..3);
    let rest = (mqtt5(), authentication(), proptest::option::of(will()), (variables, secret_variables));
    (plain, lists, path(), tls(), network(), rest).prop_map(
        |(plain, subscriptions, ca_certificate, tls, (websocket, network), rest)| {
            let (protocol, version, [host, username, client_id], numbers) = plain;
            let (port, keep_alive_s, clean_session) = numbers;
            let (mqtt5, authentication, will, (variables, secret_variables)) = rest;
            ConnectOptions {
                protocol,
                host,
                port,
                version,
                username,
                client_id,
                keep_alive_s,
                clean_session,
                subscriptions,
                ca_certificate,
                tls,
                websocket,
                network,
                mqtt5,
                authentication,
                will,
                variables,
                secret_variables,
            }
        },
    )
}

fn secrets() -> impl Strategy<Value = Secrets> {
    [text(), text(), text(), text()].prop_map(|texts| {
        let [password, key_passphrase, proxy_password, token] = texts.map(Secret::new);
        Secrets { password, key_passphrase, proxy_password, token }
    })
}

fn profile() -> impl Strategy<Value = Profile> {
    let place =
        prop_oneof![Just(PasswordPlace::Keyring), Just(PasswordPlace::Ask), Just(PasswordPlace::File)];
    let unknown = proptest::option::of((any::<i64>(), text(), any::<bool>()));
    (text(), connect(), place, secrets(), unknown).prop_map(|(name, connect, place, secrets, unknown)| {
        let mut profile = Profile::new(name, connect);
        profile.password_place = place;
        if place == PasswordPlace::File {
            profile.file_secrets = secrets;
        }
        if let Some((number, word, flag)) = unknown {
            let table: Table =
                [("word".to_owned(), word.into()), ("flag".to_owned(), flag.into())].into_iter().collect();
            profile.other.insert("x-number".to_owned(), number.into());
            profile.other.insert("x-table".to_owned(), table.into());
        }
        profile
    })
}

proptest! {
    #[test]
    fn any_list_of_profiles_is_read_as_it_was_written(list in proptest::collection::vec(profile(), 0..5)) {
        let mut profiles = Profiles::default();
        for profile in list {
            profiles.insert(profiles.len(), profile);
        }
        prop_assert_eq!(again(&profiles), profiles);
    }

    #[test]
    fn no_bytes_make_reading_fail(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let Parsed { document, .. } = Profiles::parse(&bytes);
        prop_assert!(document.print().is_ok());
    }
}
