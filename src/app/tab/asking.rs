//! Asking the broker again for the retained message of a topic.

use std::time::{Duration, Instant};

use crate::app::tab::Tab;
use crate::mqtt::options::Subscription;
use crate::session::Declined;

/// How long a topic stays subscribed to when a person asks for its retained message again.
pub(super) const ASKING: Duration = Duration::from_secs(5);

impl Tab {
    /// Subscribes to just this topic for a moment, so that its retained message is sent again.
    pub fn ask_again(&mut self, topic: &str) -> Result<(), Declined> {
        let status = self.session.status();
        let known = status.subscriptions.iter().find(|known| known.wanted.filter == topic);
        if known.is_some_and(|known| known.wanted.enabled) {
            self.session.set_enabled(topic, false)?;
            return self.session.set_enabled(topic, true);
        }
        let was_known = known.is_some();
        if was_known {
            self.session.set_enabled(topic, true)?;
        } else {
            self.session.subscribe(&Subscription { filter: topic.to_owned(), ..Subscription::default() })?;
        }
        self.asked_again.push((topic.to_owned(), was_known, Instant::now()));
        Ok(())
    }

    /// Ends the subscriptions of [`Tab::ask_again`] once they have had time to be answered. Returns when to look again.
    pub(super) fn end_asking(&mut self) -> Option<Duration> {
        let is_over = |asked: &mut (String, bool, Instant)| asked.2.elapsed() >= ASKING;
        for (topic, was_known, _) in self.asked_again.extract_if(.., is_over) {
            let ended = if was_known {
                self.session.set_enabled(&topic, false)
            } else {
                self.session.unsubscribe(&topic)
            };
            if let Err(why) = ended {
                log::warn!("the subscription to {topic:?} stays: {why:?}");
            }
        }
        (!self.asked_again.is_empty()).then_some(ASKING)
    }
}
