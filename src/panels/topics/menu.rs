//! The menu of a row: what one does with a topic or a level.

use eframe::egui::{Id, Response, Ui};

use crate::command::{Action, Actions, Command, Outgoing, PublishAction, TopicAction};
use crate::model::{Node, Row};
use crate::panels::inspector::copy_topic;
use crate::panels::scene::Scene;
use crate::ui::widgets::context_menu::{self, Item, Menu};
use crate::ui::{icons, language};
use crate::words::{clipboard, topics as words};
