//! The panel of reply rules.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::automation::ResponderState;
use mqttree::command::{Action, Command, ReplyAction, Tool};
use mqttree::message::QoS;
use mqttree::mqtt::options::MqttVersion;
use mqttree::panels::replies::RepliesView;
use mqttree::reply::ReplyRule;
use mqttree::session::status::Security;

use crate::harness::{Stage, stage_of};
use crate::snapshots::pictures;

type Panel = Harness<'static, Stage<RepliesView>>;

fn rule(filter: &str, topic: &str) -> ReplyRule {
    let [filter, topic] = [filter, topic].map(str::to_owned);
    ReplyRule { filter, topic, payload: "{{payload}}".to_owned(), ..ReplyRule::default() }
}

fn rules() -> Vec<ReplyRule> {
    let lamp = ReplyRule { condition: ".state == \"ON\"".to_owned(), ..rule("lamp/+/set", "lamp/state") };
    vec![lamp, ReplyRule { enabled: false, ..rule("clock/get", "") }]
}

fn prepared(rules: Vec<ReplyRule>) -> Stage<RepliesView> {
    Stage { replies: rules, ..Stage::new(RepliesView::default()) }
}

fn open(rules: Vec<ReplyRule>) -> Panel {
    let mut panel = stage_of(prepared(rules), vec2(1_000.0, 320.0), Theme::Dark);
    panel.run_steps(3);
    panel
}

fn fill(panel: &mut Panel, name: &str, text: &str) {
    let field = |panel: &Panel, act: &dyn Fn(&egui_kittest::Node<'_>)| {
        let is_field = |node: &egui_kittest::Node<'_>| {
            matches!(node.accesskit_node().role(), Role::TextInput | Role::MultilineTextInput)
        };
        act(&panel.get_all_by_label(name).find(is_field).unwrap());
    };
    field(panel, &|field| field.focus());
    panel.run_steps(2);
    field(panel, &|field| field.type_text(text));
    panel.run_steps(2);
}

fn click(panel: &mut Panel, name: &str) {
    panel.get_by_role_and_label(Role::Button, name).click();
    panel.run_steps(3);
}

fn asked(panel: &Panel) -> Vec<ReplyAction> {
    let actions = panel.state().actions.iter();
    let of = |action: &Action| match action {
        Action::Reply(action) => Some(action.clone()),
        _ => None,
    };
    actions.filter_map(of).collect()
}

#[test]
fn a_rule_is_added_with_everything_it_says() {
    let mut panel = open(Vec::new());
    panel.get_by_label("No reply rules");
    fill(&mut panel, "Messages of", "lamp/+/set");
    fill(&mut panel, "Where", ".on == true");
    fill(&mut panel, "Reply topic", "lamp/state");
    fill(&mut panel, "Reply payload", "ON");
    fill(&mut panel, "Delay in ms", "250");
    fill(&mut panel, "At most/s", "5");
    panel.get_by_role_and_label(Role::CheckBox, "Retain").click();
    panel.run_steps(2);
    click(&mut panel, "Add rule");
    let expected = ReplyRule {
        condition: ".on == true".to_owned(),
        payload: "ON".to_owned(),
        retain: true,
        qos: QoS::AtMostOnce,
        delay_ms: 250,
        per_second_max: 5,
        ..rule("lamp/+/set", "lamp/state")
    };
    assert_eq!(asked(&panel), [ReplyAction::Change(vec![expected])]);
}

#[test]
fn a_rule_with_a_mistake_says_what_is_wrong_and_is_not_added() {
    let mut panel = open(Vec::new());
    fill(&mut panel, "Messages of", "lamp/set");
    fill(&mut panel, "Where", "temp >");
    click(&mut panel, "Add rule");
    assert_eq!(asked(&panel), []);
    panel.get_by_label_contains("value");
}

#[test]
fn a_rule_of_the_list_is_changed_switched_and_removed() {
    let mut panel = open(rules());
    click(&mut panel, "Change the rule for clock/get");
    fill(&mut panel, "Reply topic", "clock/state");
    click(&mut panel, "Save rule");
    panel.get_by_role_and_label(Role::CheckBox, "Answer clock/get").click();
    panel.run_steps(2);
    click(&mut panel, "Remove the rule for lamp/+/set");
    let mut changed = rules();
    changed[1].topic = "clock/state".to_owned();
    let mut switched = rules();
    switched[1].enabled = true;
    let left = vec![rules().remove(1)];
    assert_eq!(asked(&panel), [changed, switched, left].map(ReplyAction::Change));
}

#[test]
fn replies_are_turned_on_and_say_why_they_stopped() {
    let mut panel = open(rules());
    panel.get_by_role_and_label(Role::CheckBox, "Answer messages").click();
    panel.run_steps(2);
    assert_eq!(asked(&panel), [ReplyAction::Switch(true)]);
    let on = ResponderState { listens: true, counts: vec![12, 0], ..ResponderState::default() };
    panel.state_mut().responder = Some(on.clone());
    panel.run_steps(2);
    assert_eq!(panel.get_all_by_label("12 answered").count(), 2, "of all, and of the rule");
    panel.state_mut().responder = Some(ResponderState { stopped: Some(0), ..on });
    panel.run_steps(2);
    panel.get_by_label_contains("Stopped: more than 100 replies in a second, the last for lamp/+/set");
}

#[test]
fn a_rule_answers_in_the_window_until_it_is_turned_off() {
    let mut window = crate::app::on_demo();
    window.until_label("Connected to Demo");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Num6);
    window.until_label("No reply rules");
    window.type_into("Messages of", "mine/ask");
    window.type_into("Reply topic", "mine/answer");
    window.type_into("Reply payload", "{{payload}} and more");
    window.click("Add rule");
    window.until("the rule", |harness| {
        harness.query_by_role_and_label(Role::CheckBox, "Answer mine/ask").is_some()
    });
    window.harness.get_by_role_and_label(Role::CheckBox, "Answer messages").click();
    window.until_label("0 answered");
    window.harness.get_by_label("Replies on");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    window.harness.run_steps(3);
    window.type_into("Publish topic", "mine/ask");
    window.type_into("Publish payload", "so");
    window.harness.get_by_role_and_label(Role::Button, "Publish").click();
    window.until("the answer", |harness| harness.query_by_role_and_label(Role::TreeItem, "mine").is_some());
    window.click("Replies on");
    window.until("the count", |harness| harness.query_all_by_label("1 answered").next().is_some());
    window.harness.get_by_role_and_label(Role::CheckBox, "Answer messages").click();
    window.until("the end", |harness| harness.query_by_label("Replies on").is_none());
}

#[test]
fn the_status_bar_says_that_replies_are_on_and_leads_to_them() {
    let mut bar = crate::status_bar::bar(MqttVersion::V5, Security::Plain, false);
    assert!(bar.query_by_label("Replies on").is_none());
    bar.state_mut().responder = Some(ResponderState { listens: true, ..ResponderState::default() });
    bar.run_steps(2);
    bar.get_by_label("Replies on").click();
    bar.run_steps(2);
    let asked = bar.state().actions.last();
    assert!(matches!(asked, Some(Action::Run(Command::ShowTool(Tool::Replies)))), "{asked:?}");
}

#[test]
fn it_looks_right_in_both_themes_and_in_chinese() {
    pictures("replies", vec2(1_000.0, 260.0), || {
        let on = ResponderState { listens: true, counts: vec![12, 0], ..ResponderState::default() };
        Stage { responder: Some(on), ..prepared(rules()) }
    });
}
