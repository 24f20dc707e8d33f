//! Carries out actions on edge nodes and devices of Sparkplug B.

use crate::app::App;
use crate::command::{Dangerous, Notice, Outgoing, SparkplugAction, Tool};
use crate::query::sparkplug::{NodeKey, SparkplugKind, rebirth_payload};
use crate::session::clock;
use crate::ui::language;
use crate::words::sparkplug as words;

impl App {
    /// Carries out an action on edge nodes and devices.
    pub(super) fn sparkplug(&mut self, action: SparkplugAction) {
        match action {
            SparkplugAction::Show(topic) => {
                self.show_tool(Tool::Sparkplug);
                if let Some(tab) = self.active_tab_mut() {
                    tab.view.tools.sparkplug.follow(topic);
                }
            }
            SparkplugAction::AskRebirth(key) => {
                let number = self.active_tab().map(|tab| tab.number);
                self.asked = number.map(|number| Dangerous::RequestRebirth(number, key));
            }
        }
    }

    /// Asks an edge node to be born again, unless that was just done.
    pub(super) fn request_rebirth(&mut self, number: u64, key: &NodeKey) {
        let now = clock::now();
        let Some(tab) = self.tabs.iter().find(|tab| tab.number == number) else { return };
        let wait_s = tab.plant.lock().node(key).and_then(|node| node.rebirth_wait_s(now));
        if let Some(seconds) = wait_s {
            self.notify(Notice::error(words::asked_before(seconds, language(&self.ctx))));
            return;
        }
        let payload = rebirth_payload(now.0 / 1_000).into();
        let command =
            Outgoing { topic: key.topic(SparkplugKind::NodeCommand, None), payload, ..Outgoing::default() };
        if self.hand_over(number, command)
            && let Some(tab) = self.tabs.iter().find(|tab| tab.number == number)
        {
            tab.plant.lock().asked_for_rebirth(key, now);
        }
    }
}
