//! Sends requests and waits for their responses.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use eframe::egui::ViewportId;

use crate::app::App;
use crate::app::sending::publish;
use crate::app::tab::RunningRequest;
use crate::automation::Requester;
use crate::command::{Notice, RequestOrder};
use crate::ui::language;
use crate::words::sending as words;

/// Numbers the requests.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

impl App {
    /// Sends a request of the draft with this number, which then shows how it goes.
    pub(super) fn request(&mut self, order: RequestOrder) {
        let RequestOrder { draft, message, within } = order;
        let (ctx, l) = (self.ctx.clone(), language(&self.ctx));
        let Some(tab) = self.active_tab_mut() else { return };
        let wake = Arc::new(move || ctx.request_repaint_of(ViewportId::ROOT));
        let (options, secrets) = (&tab.options, tab.secrets.clone());
        match Requester::start(options, secrets, publish(message.clone()), within, wake) {
            Ok(requester) => {
                let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
                tab.add_request(RunningRequest { id, within, requester });
                tab.view.tools.publish.asked(draft, id);
                let number = tab.number;
                self.remember_published(number, &message);
            }
            Err(error) => self.notify(Notice::error(words::not_started(&error, l))),
        }
    }
}
