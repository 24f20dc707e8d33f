//! The samples beside this file are written by hand, as the programs write theirs.

use proptest::prelude::*;

use super::*;
use crate::message::QoS;
use crate::mqtt::options::{
    Authentication, Mqtt5Options, MqttVersion, Protocol, RetainHandling, Secret, Subscription, TlsOptions,
    Will, WillProperties,
};
use crate::store::notice::{Fault, Remark, StoreError};
use crate::store::profiles::PasswordPlace;

mod hostile;

const MQTT_EXPLORER: &[u8] = include_bytes!("mqtt_explorer.json");
const MQTTX: &[u8] = include_bytes!("mqttx.json");

fn names(import: &Import) -> Vec<&str> {
    import.found.iter().map(|found| found.profile.name.as_str()).collect()
}

fn named<'a>(import: &'a Import, name: &str) -> &'a FoundConnection {
    import.found.iter().find(|found| found.profile.name == name).unwrap()
}

fn filters(found: &FoundConnection) -> Vec<(&str, QoS)> {
    let subscriptions = found.profile.connect.subscriptions.iter();
    subscriptions.map(|subscription| (subscription.filter.as_str(), subscription.qos)).collect()
}

mod of_mqtt_explorer {
    use super::*;

    #[test]
    fn connections_come_in_their_order_and_the_rest_is_told() {
        let import = read(MQTT_EXPLORER).unwrap();
        assert_eq!(import.source, Source::MqttExplorer);
        assert_eq!(names(&import), ["Greenhouse", "Workshop", "10.0.0.7"]);
        assert_eq!(
            import.notes,
            [Note::NotABroker { id: "later".to_owned() }, Note::Loss(TransferLoss::SettingsAndCharts)]
        );
    }

    #[test]
    fn address_security_log_in_and_subscriptions_come_over() {
        let import = read(MQTT_EXPLORER).unwrap();
        let workshop = named(&import, "Workshop");
        let connect = &workshop.profile.connect;
        assert_eq!(connect.url(), "mqtts://broker.workshop.example:8883");
        assert_eq!(connect.username, "ada");
        assert_eq!(workshop.secrets, Secret::new("s3cret \u{fc}").into());
        assert!(!connect.tls.verify);
        assert_eq!(connect.client_id, "", "one that was made up is not kept");
        assert_eq!(filters(workshop), [("workshop/#", QoS::AtLeastOnce), ("$SYS/#", QoS::AtMostOnce)]);
        assert_eq!(workshop.notes, [Note::Loss(TransferLoss::MadeUpClientId)]);
        let purposes: Vec<_> = workshop.files.iter().map(|file| file.purpose).collect();
        assert_eq!(
            purposes,
            [FilePurpose::CaCertificate, FilePurpose::ClientCertificate, FilePurpose::ClientKey]
        );
        assert!(workshop.files[0].content.starts_with(b"-----BEGIN CERTIFICATE-----\n"));
    }

    #[test]
    fn a_websocket_has_its_path_and_a_damaged_key_is_told() {
        let import = read(MQTT_EXPLORER).unwrap();
        let greenhouse = named(&import, "Greenhouse");
        assert_eq!(greenhouse.profile.connect.url(), "wss://greenhouse.example:443/ws/mqtt");
        assert_eq!(greenhouse.profile.connect.client_id, "greenhouse-desk");
        assert!(greenhouse.profile.connect.tls.verify);
        assert_eq!(greenhouse.notes, [Note::FileDamaged(FilePurpose::ClientKey)]);
    }

    #[test]
    fn old_files_and_urls_in_the_host_are_understood() {
        let import = read(MQTT_EXPLORER).unwrap();
        let old = named(&import, "10.0.0.7");
        assert_eq!(old.profile.connect.url(), "mqtt://10.0.0.7:1884");
        assert_eq!(filters(old), [("plant/+/state", QoS::AtMostOnce)]);
        assert_eq!(old.notes, [Note::Loss(TransferLoss::SubscriptionWithoutTopic)]);
    }

    #[test]
    fn of_a_url_in_the_host_the_topic_comes_over_and_no_password_is_left() {
        let mut file: serde_json::Value = serde_json::from_slice(MQTT_EXPLORER).unwrap();
        let connections = file["ConnectionManager_connections"].as_object_mut().unwrap();
        let odd = connections.values_mut().find(|one| one["host"] == "mqtt://10.0.0.7:1884").unwrap();
        odd["host"] = "mqtt://ada:hunter2@10.0.0.7:1884/attic/%23".into();
        let import = read(file.to_string().as_bytes()).unwrap();
        let found = named(&import, "10.0.0.7");
        assert_eq!(found.secrets.password.expose(), "hunter2");
        assert_eq!(filters(found), [("plant/+/state", QoS::AtMostOnce), ("attic/#", QoS::AtMostOnce)]);

        let connections = file["ConnectionManager_connections"].as_object_mut().unwrap();
        let odd = connections.values_mut().find(|one| one["order"] == 3).unwrap();
        odd["host"] = "mqtt://ada:hunter2@10.0.0.7:x".into();
        let import = read(file.to_string().as_bytes()).unwrap();
        assert!(!format!("{import:?}").contains("hunter2"), "{import:?}");
        let notes = &named(&import, "").notes;
        assert!(notes.contains(&Note::Loss(TransferLoss::Host)), "{notes:?}");
    }

    #[test]
    fn the_object_of_the_connections_alone_is_enough() {
        let whole: serde_json::Value = serde_json::from_slice(MQTT_EXPLORER).unwrap();
        let mut connections = whole["ConnectionManager_connections"].clone();
        connections.as_object_mut().unwrap().remove("later");
        let import = read(connections.to_string().as_bytes()).unwrap();
        assert_eq!((import.source, import.found.len()), (Source::MqttExplorer, 3));
        assert_eq!(import.notes, []);
    }
}

mod of_mqttx {
    use super::*;

    #[test]
    fn connections_come_over_and_the_rest_is_told() {
        let import = read(MQTTX).unwrap();
        assert_eq!(import.source, Source::Mqttx);
        assert_eq!(names(&import), ["Plant", "Old one", "Web"]);
        assert_eq!(import.notes, [Note::Loss(TransferLoss::Messages), Note::Loss(TransferLoss::Folders)]);
    }

    #[test]
    fn every_option_that_both_have_comes_over() {
        let import = read(MQTTX).unwrap();
        let plant = named(&import, "Plant");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = ConnectOptions {
            protocol: Protocol::Mqtts,
            host: "plant.example".to_owned(),
            port: 8883,
            version: MqttVersion::V5.into(),
            username: "grace".to_owned(),
            client_id: "mqttx_1f2e3d4c".to_owned(),
            keep_alive_s: 30,
            clean_session: false,
            subscriptions: vec![
                Subscription {
                    no_local: true,
                    retain_as_published: true,
                    retain_handling: RetainHandling::DoNotSend,
                    identifier: Some(7),
                    ..Subscription::new("plant/#", QoS::ExactlyOnce)
                },
                Subscription {
                    retain_as_published: false,
                    enabled: false,
                    ..Subscription::new("$share/desk/jobs/+", QoS::AtLeastOnce)
                },
            ],
            ca_certificate: Some("/home/grace/certs/ca.pem".into()),
            tls: TlsOptions {
                verify: false,
                alpn: vec!["mqtt".to_owned(), "x-amzn-mqtt-ca".to_owned()],
                ..TlsOptions::default()
            },
            network: crate::mqtt::options::NetworkOptions { connect_timeout_s: 15, ..Default::default() },
            mqtt5: Mqtt5Options {
                session_expiry_s: Some(7200),
                receive_max: Some(20),
                packet_bytes_max: Some(100_000),
                topic_alias_max: 16,
                request_response_information: true,
                request_problem_information: false,
                user_properties: vec![pair("desk", "4"), pair("role", "reader"), pair("role", "writer")],
            },
            authentication: Authentication::Token { method: "JWT".to_owned() },
            will: Some(Will {
                topic: "desk/grace".to_owned(),
                payload: "gone".to_owned(),
                qos: QoS::AtLeastOnce,
                retain: true,
                properties: WillProperties {
                    delay_interval_s: Some(5),
                    payload_is_text: true,
                    message_expiry_interval_s: Some(60),
                    content_type: Some("text/plain".to_owned()),
                    response_topic: Some("desk/answer".to_owned()),
                    correlation_data: Some("12".to_owned()),
                    user_properties: Vec::new(),
                },
            }),
            ..ConnectOptions::default()
        };
        assert_eq!(plant.profile.connect, expected);
        let secrets =
            Secrets { password: Secret::new("h0pper"), token: Secret::new("abc"), ..Secrets::default() };
        assert_eq!(plant.secrets, secrets);
        let files: Vec<_> = plant.files.iter().map(|file| (file.purpose, file.content.len())).collect();
        assert_eq!(files, [(FilePurpose::ClientCertificate, 64), (FilePurpose::ClientKey, 63)]);
        assert_eq!(
            plant.notes,
            [
                Note::FilesElsewhere(Source::Mqttx),
                Note::Loss(TransferLoss::SubscriptionProperties),
                Note::Loss(TransferLoss::TimedClientId),
            ]
        );
    }

    #[test]
    fn what_an_old_export_lacks_is_as_it_was_there() {
        let import = read(MQTTX).unwrap();
        let old = named(&import, "Old one");
        let expected = ConnectOptions {
            host: "old.example".to_owned(),
            version: MqttVersion::V3_1_1.into(),
            client_id: "mqttx_old".to_owned(),
            subscriptions: Vec::new(),
            ..ConnectOptions::default()
        };
        assert_eq!((&old.profile.connect, old.notes.as_slice()), (&expected, [].as_slice()));
    }

    #[test]
    fn what_cannot_come_over_is_told() {
        let import = read(MQTTX).unwrap();
        let web = named(&import, "Web");
        assert_eq!(web.profile.connect.url(), "wss://web.example:8084/mqtt?…");
        assert_eq!(web.profile.connect.websocket.path, "/mqtt?key=1");
        assert_eq!(web.profile.connect.ca_certificate, None, "kept there, but not used");
        assert_eq!(web.profile.connect.authentication, Authentication::None);
        assert_eq!(web.notes, [Note::Loss(TransferLoss::ScramMethod)]);
    }

    #[test]
    fn one_connection_alone_is_a_file_too() {
        let list: serde_json::Value = serde_json::from_slice(MQTTX).unwrap();
        let import = read(list[1].to_string().as_bytes()).unwrap();
        assert_eq!((import.source, names(&import)), (Source::Mqttx, vec!["Old one"]));
    }
}

mod of_our_own {
    use super::*;

    fn profile(place: PasswordPlace) -> Profile {
        let connect =
            ConnectOptions { host: "h".to_owned(), username: "ada".to_owned(), ..Default::default() };
        Profile { password_place: place, ..Profile::new("factory", connect) }
    }

    #[test]
    fn what_is_exported_comes_back_with_the_secrets_that_were_given() {
        let (first, second) = (profile(PasswordPlace::Keyring), profile(PasswordPlace::Ask));
        let secrets = Secrets { token: Secret::new("t"), ..Secret::new("hunter2").into() };
        let text = write(&[(&first, Some(&secrets)), (&second, None)]).unwrap();
        assert!(text.starts_with("# Connections of mqttree, exported.\n# It holds passwords"), "{text}");
        let import = read(text.as_bytes()).unwrap();
        assert_eq!((import.source, import.notes.len()), (Source::Mqttree, 0));
        let [a, b] = import.found.try_into().unwrap();
        assert_eq!((a.profile.connect, a.secrets), (first.connect.clone(), secrets));
        assert_eq!((b.profile.connect, b.secrets), (second.connect, Secrets::default()));
        assert_eq!(b.profile.password_place, PasswordPlace::Ask);
        assert!(a.profile.file_secrets.is_empty(), "whoever keeps it decides where they go");
        assert_ne!(a.profile.id, first.id, "it never takes the place of another");
    }

    #[test]
    fn no_secret_is_exported_that_was_not_given() {
        let mut profile = profile(PasswordPlace::File);
        profile.file_secrets = Secret::new("hunter2").into();
        let text = write(&[(&profile, None)]).unwrap();
        assert!(!text.contains("hunter2") && !text.contains("passwords"), "{text}");
        let import = read(text.as_bytes()).unwrap();
        assert_eq!(import.found[0].profile.password_place, PasswordPlace::Keyring, "so it is asked for");
    }

    #[test]
    fn what_cannot_be_read_of_an_export_is_told() {
        let text = "[[profile]]\nname = \"good\"\nhost = \"h\"\nprotocol = \"mqtts\"\nca_certificate = \"ca.pem\"\n\
                    [[profile]]\nname = \"bad\"\nport = 99999\n[[profile]]\nname = \"unclosed\n";
        let import = read(text.as_bytes()).unwrap();
        assert_eq!(names(&import), ["good"]);
        let [Note::Damage(damage), Note::Remark(Remark::NotAConnection { name, .. })] = &import.notes[..]
        else {
            panic!("{:?}", import.notes)
        };
        assert!(matches!(damage.faults[..], [Fault::Syntax { line: 10, .. }]), "{damage:?}");
        assert_eq!(name.as_deref(), Some("bad"));
        assert_eq!(import.found[0].notes, [Note::FilesElsewhere(Source::Mqttree)]);
    }

    #[test]
    fn what_the_form_would_mark_is_told() {
        let import = read(b"[[profile]]\nname = \"a\"\n").unwrap();
        let notes = &import.found[0].notes;
        assert!(
            matches!(&notes[..], [Note::Problem(problem)] if problem.field == crate::mqtt::check::Field::Host),
            "{notes:?}"
        );
    }
}

mod kept {
    use super::*;

    #[test]
    fn certificates_become_files_and_the_key_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("certificates");
        let import = read(MQTT_EXPLORER).unwrap();
        let workshop = named(&import, "Workshop");
        let profile = keep(workshop, &inner).unwrap();
        let tls = &profile.connect.tls;
        let paths = [&profile.connect.ca_certificate, &tls.client_certificate, &tls.client_key];
        for (path, file) in paths.into_iter().zip(&workshop.files) {
            let path = path.as_ref().unwrap();
            assert_eq!(path.parent(), Some(inner.as_path()), "no name leads out of the folder");
            assert_eq!(std::fs::read(path).unwrap(), file.content);
            assert!(path.file_name().unwrap().to_str().unwrap().starts_with(profile.id.as_str()));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(tls.client_key.as_ref().unwrap()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(profile.name, "Workshop");
    }

    #[test]
    fn a_folder_that_cannot_be_is_named_and_nothing_stays_behind() {
        let folder = tempfile::tempdir().unwrap();
        let in_the_way = folder.path().join("certificates");
        std::fs::write(&in_the_way, "").unwrap();
        let import = read(MQTT_EXPLORER).unwrap();
        let error = keep(named(&import, "Workshop"), &in_the_way).unwrap_err();
        assert!(matches!(&error, StoreError::Io { path, .. } if path.starts_with(&in_the_way)), "{error:?}");

        // The second file cannot be written: the first one goes again.
        let mut found = named(&import, "Workshop").clone();
        let inner = folder.path().join("inner");
        let blocked = keep(&found, &inner).unwrap().connect.tls.client_certificate.unwrap();
        found.files.truncate(2);
        std::fs::remove_dir_all(&inner).unwrap();
        std::fs::create_dir_all(&blocked).unwrap();
        keep(&found, &inner).unwrap_err();
        let left: Vec<_> = std::fs::read_dir(&inner).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(left, [blocked]);
    }
}
