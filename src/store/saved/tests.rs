use std::path::Path;

use bytes::Bytes;
use proptest::prelude::*;

use super::scan::Scanner;
use super::*;
use crate::message::{PublishProperties, QoS};

const FORMATS: [&str; 4] = ["text", "hex", "base64", "cbor"];

fn is_format(text: &str) -> bool {
    FORMATS.contains(&text)
}

fn read(text: &str) -> Result<SavedMessage, SavedFault> {
    parse(text, is_format, |_| Ok(Bytes::from_static(&[0, 255])))
}

fn at(text: &str) -> (usize, usize, SavedProblem) {
    let SavedFault { line, column, problem } = read(text).unwrap_err();
    (line, column, problem)
}

fn scan(root: &Path) -> SavedLibrary {
    Scanner::default().scan(root, &is_format)
}

fn put(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn a_file_is_a_head_and_a_payload() {
    let message =
        read("+++\ntopic = \"lamp/{{room}}/set\"\nqos = 1\nretain = true\n+++\n{\"on\": true}\n").unwrap();
    assert_eq!(
        (message.topic.as_str(), message.qos, message.retain),
        ("lamp/{{room}}/set", QoS::AtLeastOnce, true)
    );
    assert_eq!(message.payload, SavedPayload::Below("{\"on\": true}".to_owned()));
    assert!(message.variables && message.format == "text");
}

#[test]
fn the_payload_may_stand_beside_and_not_at_both_places() {
    let head = "+++\ntopic = \"a\"\npayload_file = \"on.bin\"\n+++\n";
    let bytes = Bytes::from_static(&[0, 255]);
    assert_eq!(read(head).unwrap().payload, SavedPayload::Beside("on.bin".to_owned(), bytes));
    assert_eq!(at(&format!("{head}x\n")), (3, 16, SavedProblem::TwoPayloads));
}

#[test]
fn a_broken_file_says_where() {
    assert_eq!(at("topic = \"a\"\n"), (1, 1, SavedProblem::NoHead));
    assert_eq!(at("+++\ntopic = \"a\"\n"), (3, 1, SavedProblem::Unclosed));
    let (line, column, problem) = at("+++\ntopic = \"a\"\nreatin = true\n+++\n");
    assert!(
        (line, column) == (3, 1) && matches!(problem, SavedProblem::Head(_)),
        "{line} {column} {problem:?}"
    );
    assert_eq!(
        at("+++\nqos = 1\ntopic = \"a\"\nformat = \"nonsense\"\n+++\n"),
        (4, 10, SavedProblem::Format)
    );
    let (line, column, problem) = at("+++\nqos = 1\ntopic = \"温/#\"\n+++\n");
    assert!((line, column) == (3, 9) && matches!(problem, SavedProblem::Topic(_)));
    assert!(matches!(at("+++\ntopic = \"a\"\nqos = 3\n+++\n"), (3, 7, SavedProblem::Head(_))));
}

#[test]
fn the_example_of_the_page_is_a_message() {
    let page = include_str!("../../../docs/publishing.md");
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let message = read(example).unwrap();
    assert_eq!(message.payload, SavedPayload::Below("{\"state\": \"ON\"}".to_owned()));
    assert_eq!(message.properties.user_properties, [("from".to_owned(), "mqttree".to_owned())]);
}

#[test]
fn names_are_safe_on_every_system() {
    let file =
        |typed: &str| SavedName::new(typed).map(|name| name.file().to_string_lossy().replace('\\', "/"));
    assert_eq!(file("lights/on"), Some("lights/on.mqtt".to_owned()));
    assert_eq!(file("../../etc/passwd"), Some("etc/passwd.mqtt".to_owned()));
    assert_eq!(file("a:b*c."), Some("a_b_c.mqtt".to_owned()));
    assert_eq!(file("NUL/开"), Some("NUL_/开.mqtt".to_owned()));
    assert_eq!((file(" . "), file("/")), (None, None));
}

#[test]
fn collections_are_shared_or_of_a_profile_and_have_folders() {
    let root = tempfile::tempdir().unwrap();
    let text = "+++\ntopic = \"a\"\n+++\n1\n";
    put(&root.path().join("shared/lamps/on.mqtt"), text);
    put(&root.path().join("shared/lamps/hall/off.mqtt"), text);
    put(&root.path().join("shared/lamps/readme.md"), "no message");
    put(&root.path().join("profiles/p1/own/x.mqtt"), "broken");
    let library = scan(root.path());
    let names = |profile| -> Vec<String> {
        let entries = library.of_profile(profile).flat_map(|collection| {
            collection
                .entries
                .iter()
                .map(|entry| format!("{}|{}|{}", collection.name, entry.folder, entry.name))
        });
        entries.collect()
    };
    assert_eq!(names(None), ["lamps||on", "lamps|hall|off"]);
    assert_eq!(names(Some("p1")), ["lamps||on", "lamps|hall|off", "own||x"]);
    assert_eq!(names(Some("p2")).len(), 2);
    let broken = library.find(&root.path().join("profiles/p1/own/x.mqtt")).unwrap();
    assert_eq!(broken.message.as_ref().unwrap_err().problem, SavedProblem::NoHead);
}

#[test]
fn what_somebody_edits_is_read_again_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let (path, beside) = (root.path().join("shared/c/a.mqtt"), root.path().join("shared/c/a.bin"));
    put(&path, "+++\ntopic = \"a\"\npayload_file = \"a.bin\"\n+++\n");
    let mut scanner = Scanner::default();
    let problem = |library: &SavedLibrary| library.find(&path).unwrap().message.clone().unwrap_err().problem;
    assert!(matches!(problem(&scanner.scan(root.path(), &is_format)), SavedProblem::Payload(_)));
    put(&beside, "1");
    let library = scanner.scan(root.path(), &is_format);
    let first = library.find(&path).unwrap().message.clone().unwrap();
    assert_eq!(first.payload, SavedPayload::Beside("a.bin".to_owned(), Bytes::from_static(b"1")));
    let again = scanner.scan(root.path(), &is_format).find(&path).unwrap().message.clone().unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &again), "read once");
    put(&beside, "22");
    let library = scanner.scan(root.path(), &is_format);
    let changed = library.find(&path).unwrap().message.clone().unwrap();
    assert_eq!(changed.payload, SavedPayload::Beside("a.bin".to_owned(), Bytes::from_static(b"22")));
}

#[cfg(unix)]
#[test]
fn nothing_outside_of_the_collection_is_read() {
    use std::os::unix::fs::symlink;
    let root = tempfile::tempdir().unwrap();
    let (outside, folder) = (root.path().join("secret"), root.path().join("shared/c"));
    put(&outside, "+++\ntopic = \"secret\"\n+++\nsecret\n");
    put(&root.path().join("shared/other/x.bin"), "secret");
    std::fs::create_dir_all(&folder).unwrap();
    symlink(&outside, folder.join("link.bin")).unwrap();
    symlink(&outside, folder.join("link.mqtt")).unwrap();
    symlink(root.path(), folder.join("up")).unwrap();
    let names =
        ["../../secret", "link.bin", outside.to_str().unwrap(), "../other/x.bin", "up/secret", "", "."];
    for (number, name) in names.into_iter().enumerate() {
        let text = format!("+++\ntopic = \"a\"\npayload_file = {}\n+++\n", toml::Value::from(name));
        put(&folder.join(format!("{number}.mqtt")), &text);
    }
    let library = scan(root.path());
    let entries = &library.collections.iter().find(|collection| collection.name == "c").unwrap().entries;
    assert_eq!(entries.len(), names.len(), "a link to a message outside is not listed");
    for entry in entries {
        let fault = entry.message.as_ref().unwrap_err();
        assert_eq!((&fault.problem, fault.line), (&SavedProblem::Outside, 3), "{}", entry.name);
    }
}

#[test]
fn a_collection_may_be_a_link_to_where_a_person_keeps_it() {
    #[cfg(unix)]
    {
        let root = tempfile::tempdir().unwrap();
        put(&root.path().join("git/a.mqtt"), "+++\ntopic = \"a\"\n+++\n");
        std::fs::create_dir_all(root.path().join("shared")).unwrap();
        std::os::unix::fs::symlink(root.path().join("git"), root.path().join("shared/mine")).unwrap();
        assert!(scan(root.path()).collections[0].entries[0].message.is_ok());
    }
}

#[test]
fn a_library_shows_what_is_written_and_what_is_deleted() {
    let root = tempfile::tempdir().unwrap();
    let (woken, wakes) = crossbeam_channel::bounded(16);
    let wake = move || woken.try_send(()).unwrap_or_default();
    let library = MessageLibrary::watch(root.path().to_owned(), is_format, wake).unwrap();
    let message =
        SavedMessage { topic: "a".to_owned(), format: "text".to_owned(), ..SavedMessage::default() };
    let path = write(&library.folder(None, "c"), &SavedName::new("x").unwrap(), &message).unwrap();
    let wait = |is_there: bool| {
        while library.current().find(&path).is_some() != is_there {
            library.look();
            wakes.recv_timeout(std::time::Duration::from_mins(3)).unwrap();
        }
    };
    wait(true);
    std::fs::remove_file(&path).unwrap();
    wait(false);
}

proptest! {
    #[test]
    fn a_message_is_read_as_it_was_written(
        topic in "[^\\x00+#{]{1,12}",
        payload in "[^\\r]{0,30}",
        key in "[a-zA-Z+]{0,8}",
        qos in 0_u8..3,
        flags in any::<(bool, bool)>(),
        content_type in proptest::option::of("[^\\x00]{1,8}"),
        correlation_data in proptest::option::of(proptest::collection::vec(any::<u8>(), 1..8)),
        expiry in proptest::option::of(any::<u32>()),
        user in proptest::collection::vec((any::<String>(), any::<String>()), 0..3),
        beside in any::<bool>(),
    ) {
        let payload = if beside {
            SavedPayload::Beside("x.bin".to_owned(), Bytes::from_static(&[0, 255]))
        } else {
            SavedPayload::Below(payload)
        };
        let message = SavedMessage {
            topic,
            qos: QoS::try_from(qos).unwrap(),
            retain: flags.0,
            variables: flags.1,
            format: "cbor".to_owned(),
            key,
            properties: PublishProperties {
                payload_format_indicator: expiry.map(|n| (n % 2) as u8),
                message_expiry_interval_s: expiry,
                content_type,
                response_topic: Some("r".to_owned()),
                correlation_data,
                subscription_identifiers: Vec::new(),
                user_properties: user,
            },
            payload,
        };
        prop_assert_eq!(read(&print(&message)), Ok(message));
    }
}
