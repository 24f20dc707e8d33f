use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::store::saved::SavedPayload;
use crate::store::transfer::{self, Import, ImportError, Note, Source, TransferLoss};

const PLAIN: &[u8] = include_bytes!("../../../../tests/data/mqttx/MQTTX.db");
const UTF16: &[u8] = include_bytes!("../../../../tests/data/mqttx/utf16.db");
const LOGGED: &[u8] = include_bytes!("../../../../tests/data/mqttx/written-ahead.db");
const LOG: &[u8] = include_bytes!("../../../../tests/data/mqttx/written-ahead.db-wal");

fn import(file: &[u8], log: Option<&[u8]>) -> Result<Import, ImportError> {
    transfer::read_database(Cursor::new(file), log.map(Cursor::new))
}

fn names(import: &Import) -> Vec<&str> {
    import.found.iter().map(|found| found.profile.name.as_str()).collect()
}

#[test]
fn connections_come_out_of_the_database_whole_and_in_the_order_of_mqttx() {
    for file in [PLAIN, UTF16] {
        let import = import(file, None).unwrap();
        assert_eq!((import.source, names(&import)), (Source::Mqttx, vec!["网关", "Factory"]));
        let [gateway, factory] = import.found.try_into().unwrap();
        let connect = factory.profile.connect;
        assert_eq!(connect.url(), "mqtts://broker.example:8883");
        assert_eq!((connect.client_id.as_str(), connect.username.as_str()), ("mqttx_1", "ada"));
        assert_eq!((connect.keep_alive_s, connect.clean_session, connect.tls.verify), (300, false, false));
        assert_eq!(factory.secrets.password.expose(), "hunter2");
        assert_eq!(connect.subscriptions.len(), 200, "more than one page of them");
        assert_eq!(connect.subscriptions[199].filter, "plant/199/+/state");
        assert!(connect.subscriptions[199].no_local);
        assert_eq!(factory.files[0].content.len(), 12_055, "a text on several pages");
        let will = connect.will.unwrap();
        assert_eq!(
            (will.topic.as_str(), will.payload.as_str(), will.retain),
            ("plant/desk/gone", "下线", true)
        );
        assert_eq!(will.properties.delay_interval_s, Some(30));
        assert_eq!(connect.mqtt5.session_expiry_s, Some(3_600));
        assert_eq!(connect.mqtt5.user_properties.len(), 3);
        let connect = gateway.profile.connect;
        assert_eq!((connect.url().as_str(), connect.will), ("ws://broker.example:8083/mqtt", None));
        assert!(!connect.subscriptions[0].enabled);
    }
    let sent = import(PLAIN, None).unwrap().found.remove(1).messages;
    let sent: Vec<_> = sent.iter().map(|message| (message.topic.as_str(), &message.payload)).collect();
    let below = |text: &str| SavedPayload::Below(text.to_owned());
    assert_eq!(sent, [("plant/lamp/set", &below("on")), ("plant/lamp/set", &below("off"))]);
    assert!(import(PLAIN, None).unwrap().notes.contains(&Note::Loss(TransferLoss::Messages)));
    assert_eq!(import(UTF16, None).unwrap().notes, []);
}

#[test]
fn what_stands_in_the_log_alone_counts_when_its_transaction_ended() {
    assert_eq!(names(&import(LOGGED, None).unwrap()).len(), 2);
    let whole = import(LOGGED, Some(LOG)).unwrap();
    assert_eq!(names(&whole), ["Only in the log", "网关", "Factory"]);
    let cut = import(LOGGED, Some(&LOG[..LOG.len() - 1])).unwrap();
    assert_eq!(names(&cut).len(), 2);
    let mut changed = LOG.to_vec();
    changed[40] ^= 1;
    assert_eq!(names(&import(LOGGED, Some(&changed)).unwrap()).len(), 2);
}

#[test]
fn a_database_of_another_program_says_so() {
    let mut other = PLAIN.to_vec();
    let at = other.windows(16).position(|window| window == b"ConnectionEntity").unwrap();
    // Once as the table's name and once more in its statement.
    other[at] = b'K';
    assert_eq!(import(&other, None).unwrap_err(), ImportError::DatabaseUnknown);
    assert_eq!(import(&PLAIN[..100], None).unwrap_err(), ImportError::DatabaseDamaged);
    assert_eq!(import(MAGIC, None).unwrap_err(), ImportError::DatabaseDamaged);
}

#[test]
fn a_ring_of_pages_ends() {
    // The first page with children is given itself as its last one.
    let mut ring = PLAIN.to_vec();
    let page = ring.chunks(1_024).skip(1).position(|page| page[0] == 5).unwrap() + 2;
    let at = (page - 1) * 1_024 + 8;
    ring[at..at + 4].copy_from_slice(&u32::try_from(page).unwrap().to_be_bytes());
    assert_eq!(import(&ring, None).unwrap_err(), ImportError::DatabaseDamaged);
}

#[test]
fn an_overflow_that_leads_in_circles_ends() {
    for at in 0..PLAIN.len() / 1_024 {
        let mut ring = PLAIN.to_vec();
        ring[at * 1_024..at * 1_024 + 4].copy_from_slice(&u32::try_from(at + 1).unwrap().to_be_bytes());
        let _outcome: Result<Import, ImportError> = import(&ring, None);
    }
}

proptest! {
    #[test]
    fn no_change_of_a_database_makes_reading_fail(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        log_changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        for file in [PLAIN, UTF16, LOGGED] {
            let (mut file, mut log) = (file.to_vec(), LOG.to_vec());
            for (at, byte) in &changes {
                let at = at.index(file.len());
                file[at] = *byte;
            }
            for (at, byte) in &log_changes {
                let at = at.index(log.len());
                log[at] = *byte;
            }
            if is_cut {
                file.truncate(cut.index(file.len()));
            }
            let _outcome: Result<Import, ImportError> = import(&file, Some(&log));
        }
    }
}
