//! Schemas that decoders need: where their files come from, and what can be wrong with them.
//!
//! This floor opens no file: whoever prepares a [`Choice`](crate::payload::decode::Choice) lends it [`SchemaFiles`].

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::payload::decode::OutsideReader;

/// The largest schema file.
pub const SCHEMA_BYTES_MAX: u64 = 4 << 20;

/// Reads the files of schemas, by the paths that a person or an import names, and lends the programs of decoders.
#[derive(Clone)]
pub struct SchemaFiles {
    read: Arc<ReadFile>,
    program: Option<Arc<LendProgram>>,
}

type LendProgram = dyn Fn(&str) -> Option<Arc<dyn OutsideReader>> + Send + Sync;
type ReadFile = dyn Fn(&str) -> io::Result<Vec<u8>> + Send + Sync;

impl SchemaFiles {
    /// Reads files with this function, which bounds their size by [`SCHEMA_BYTES_MAX`].
    pub fn new(read: impl Fn(&str) -> io::Result<Vec<u8>> + Send + Sync + 'static) -> Self {
        Self { read: Arc::new(read), program: None }
    }

    /// Lends programs too: `lend` is given the line that starts one, and refuses those that may not run.
    #[must_use]
    pub fn with_programs(
        self,
        lend: impl Fn(&str) -> Option<Arc<dyn OutsideReader>> + Send + Sync + 'static,
    ) -> Self {
        Self { program: Some(Arc::new(lend)), ..self }
    }

    /// The program that this line starts; `None` if it may not run.
    pub fn program(&self, line: &str) -> Option<Arc<dyn OutsideReader>> {
        (self.program.as_ref()?)(line)
    }

    /// Reads a file.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, SchemaError> {
        (self.read)(path).map_err(|error| SchemaError {
            file: path.to_owned(),
            reason: match error.kind() {
                io::ErrorKind::NotFound => SchemaFault::NotFound,
                io::ErrorKind::FileTooLarge => SchemaFault::TooLarge,
                _ => SchemaFault::Unreadable(error.to_string()),
            },
        })
    }
}

impl Default for SchemaFiles {
    /// Knows no file.
    fn default() -> Self {
        Self::new(|_| Err(io::ErrorKind::NotFound.into()))
    }
}

impl fmt::Debug for SchemaFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaFiles").finish_non_exhaustive()
    }
}

/// Why a schema cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// The file as the person or an import named it.
    pub file: String,
    /// What is wrong with it.
    pub reason: SchemaFault,
}

/// What is wrong with a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaFault {
    /// There is no such file.
    NotFound,
    /// It is larger than [`SCHEMA_BYTES_MAX`], or imports too many others.
    TooLarge,
    /// The system refuses to read it, in its words.
    Unreadable(String),
    /// It breaks its grammar, in the words of the compiler, which name file, line and column.
    Broken(String),
    /// It defines no message of this name.
    NoSuchMessage(String),
    /// It defines several messages, and none was named.
    WhichMessage(Vec<String>),
}
