//! The subscriptions panel.

use std::time::Instant;

use eframe::egui::{Key, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, SubscriptionAction};
use mqttree::message::QoS;
use mqttree::mqtt::options::{MqttVersion, RetainHandling, Subscription};
use mqttree::mqtt::reason::ReasonCode;
use mqttree::panels::subscriptions::SubscriptionsView;
use mqttree::session::status::{ConnectionState, Grant, Rejection, Security, SubscriptionState};

use crate::harness::{Stage, stage};

type View = Harness<'static, Stage<SubscriptionsView>>;

fn connected(version: MqttVersion, list: &[(Subscription, Grant)]) -> Stage<SubscriptionsView> {
    let mut stage = Stage::new(SubscriptionsView::default());
    let security = Security::Plain;
    stage.status.state = ConnectionState::Connected { since: Instant::now(), version, security };
    stage.status.subscriptions = list
        .iter()
        .map(|(wanted, grant)| SubscriptionState { wanted: wanted.clone(), grant: grant.clone() })
        .collect();
    stage
}

fn at(filter: &str, qos: QoS) -> Subscription {
    Subscription::new(filter, qos)
}

fn granted(filter: &str) -> (Subscription, Grant) {
    (at(filter, QoS::AtMostOnce), Grant::Granted(QoS::AtMostOnce))
}

fn type_into(harness: &mut View, name: &str, text: &str) {
    let is_field = |node: &egui_kittest::Node<'_>| node.accesskit_node().role() == Role::TextInput;
    harness.get_all_by_label(name).find(is_field).unwrap().focus();
    harness.run_steps(2);
    harness.get_all_by_label(name).find(is_field).unwrap().type_text(text);
    harness.run_steps(2);
}

fn subscribed(harness: &View) -> Vec<Subscription> {
    let actions = harness.state().actions.iter();
    actions
        .filter_map(|action| match action {
            Action::Subscription(SubscriptionAction::Add(subscription)) => Some(subscription.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn without_subscriptions_it_says_what_to_do() {
    let mut harness = stage(connected(MqttVersion::V5, &[]));
    harness.get_by_label("No subscriptions");
    harness.get_by_label("Subscribe to everything").click();
    harness.run_steps(2);
    assert_eq!(subscribed(&harness), [Subscription::default()]);
}

#[test]
fn a_filter_is_added_with_its_options_by_enter() {
    let mut harness = stage(connected(MqttVersion::V5, &[granted("a")]));
    harness.get_by_label("Options").click();
    harness.run_steps(2);
    harness.get_by_label("No local").click();
    harness.run_steps(2);
    type_into(&mut harness, "Subscription identifier", "12");
    type_into(&mut harness, "Topic filter", "plant/+/state");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let expected =
        Subscription { no_local: true, identifier: Some(12), ..at("plant/+/state", QoS::AtMostOnce) };
    assert_eq!(subscribed(&harness), [expected]);
}

#[test]
fn a_filter_that_cannot_be_is_marked_and_not_sent() {
    let mut harness = stage(connected(MqttVersion::V5, &[granted("a")]));
    type_into(&mut harness, "Topic filter", "plant/#/state");
    harness.get_by_label("# must be the last level of the topic filter");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(subscribed(&harness).is_empty());
}

#[test]
fn the_brokers_answer_stands_beside_each_filter() {
    let refused = Grant::Refused(Rejection::Broker(ReasonCode::NOT_AUTHORIZED.into()));
    let off = Subscription { enabled: false, ..at("off", QoS::AtMostOnce) };
    let harness = stage(connected(
        MqttVersion::V5,
        &[
            granted("plant/a"),
            (at("plant/b", QoS::ExactlyOnce), Grant::Granted(QoS::AtLeastOnce)),
            (at("secret", QoS::AtMostOnce), refused),
            (at("new", QoS::AtMostOnce), Grant::Pending),
            (off, Grant::Off),
        ],
    ));
    for text in [
        "Granted QoS 0",
        "Granted QoS 1 instead of 2",
        "Refused: not authorized",
        "Waiting for the broker",
        "Off",
    ] {
        harness.get_by_label(text);
    }
}

#[test]
fn overlapping_filters_are_pointed_out_in_the_list_and_while_one_is_typed() {
    let mut harness = stage(connected(MqttVersion::V5, &[granted("plant/#"), granted("plant/+/state")]));
    harness.get_by_label("plant/# covers plant/+/state: brokers may deliver such messages twice");
    type_into(&mut harness, "Topic filter", "plant/x");
    harness.get_by_label("plant/# covers plant/x: brokers may deliver such messages twice");
}

#[test]
fn a_subscription_is_turned_off_removed_and_changed() {
    let wanted = Subscription { retain_handling: RetainHandling::DoNotSend, ..at("a/b", QoS::AtLeastOnce) };
    let state = (wanted.clone(), Grant::Granted(QoS::AtLeastOnce));
    let mut harness = stage(connected(MqttVersion::V5, &[state]));
    harness.get_by_label("Subscribe to a/b").click();
    harness.run_steps(2);
    harness.get_by_label("Remove a/b").click();
    harness.run_steps(2);
    harness.get_by_label("Change a/b").click();
    harness.run_steps(3);
    type_into(&mut harness, "Topic filter", "x/");
    harness.get_by_role_and_label(Role::Button, "Change subscription").click();
    harness.run_steps(2);
    let actions = &harness.state().actions;
    assert!(
        matches!(&actions[0], Action::Subscription(SubscriptionAction::Enable(filter, false)) if filter == "a/b")
    );
    assert!(
        matches!(&actions[1], Action::Subscription(SubscriptionAction::Remove(filter)) if filter == "a/b")
    );
    let Action::Subscription(SubscriptionAction::Change(filter, to)) = &actions[2] else {
        panic!("{actions:?}")
    };
    assert_eq!((filter.as_str(), to.qos, to.retain_handling), ("a/b", wanted.qos, wanted.retain_handling));
    assert!(to.filter.contains("x/"), "{to:?}");
}

#[test]
fn the_list_is_kept_in_the_profile_where_it_differs() {
    let mut same = connected(MqttVersion::V5, &[granted("a")]);
    same.kept = Some(vec![at("a", QoS::AtMostOnce)]);
    let mut harness = stage(same);
    harness.get_by_label("Keep in the profile").click();
    harness.run_steps(2);
    assert!(harness.state().actions.is_empty(), "there is nothing to keep");

    harness.state_mut().kept = Some(vec![at("a", QoS::AtLeastOnce)]);
    harness.run_steps(2);
    harness.get_by_label("Keep in the profile").click();
    harness.run_steps(2);
    assert!(matches!(harness.state().actions[..], [Action::Subscription(SubscriptionAction::Keep)]));

    harness.state_mut().kept = None;
    harness.run_steps(2);
    assert!(harness.query_by_label("Keep in the profile").is_none(), "there is no profile");
}

#[test]
fn options_that_are_not_sent_are_said_to_be() {
    let mut harness = stage(connected(MqttVersion::V3_1_1, &[granted("a")]));
    harness.get_by_label("Options").click();
    harness.run_steps(2);
    harness.get_by_label("The connection has no MQTT 5, so these are not sent");
}
