//! A schema out of its files: `.proto` files with what they import, or a set of descriptors that `protoc` wrote.

use std::sync::atomic::{AtomicUsize, Ordering};

use prost_reflect::{DescriptorPool, MessageDescriptor};
use protox::Compiler;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

use crate::payload::schema::{SchemaError, SchemaFault, SchemaFiles};

/// Files of one schema.
const FILES_MAX: usize = 1_000;
/// Folders above the first file in which an import is looked for.
const FOLDERS_UP_MAX: usize = 8;

/// Prepares the message that `options` names: `telemetry.proto#plant.Reading`. Without a name the file has to define
/// one message alone.
///
/// An import is looked for in the folder of the first file, and then in the folders above it.
pub(in crate::payload::decode) fn compile(
    options: &str,
    files: &SchemaFiles,
) -> Result<MessageDescriptor, SchemaError> {
    let (path, message) =
        options.rsplit_once('#').map_or((options, ""), |(path, name)| (path.trim(), name.trim()));
    let fault = |reason| SchemaError { file: path.to_owned(), reason };
    let is_source = path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("proto"));
    let (pool, own) = if is_source { from_source(path, files)? } else { from_set(path, files)? };
    if message.is_empty() {
        let mut own = own;
        return match (own.pop(), own.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                own.push(last);
                let names = own.iter().map(|message| message.full_name().to_owned()).collect();
                Err(fault(SchemaFault::WhichMessage(names)))
            }
            (None, _) => Err(fault(SchemaFault::WhichMessage(Vec::new()))),
        };
    }
    let named = pool.get_message_by_name(message.trim_start_matches('.'));
    // The package may be left out where that leaves one.
    let named = named.or_else(|| {
        let mut short = own.into_iter().filter(|known| known.name() == message);
        short.next().filter(|_| short.next().is_none())
    });
    named.ok_or_else(|| fault(SchemaFault::NoSuchMessage(message.to_owned())))
}

/// All types, and the messages of the file itself.
type Compiled = (DescriptorPool, Vec<MessageDescriptor>);

fn from_source(path: &str, files: &SchemaFiles) -> Result<Compiled, SchemaError> {
    let (folder, name) = path.rsplit_once(['/', '\\']).map_or(("", path), |(folder, name)| (folder, name));
    let mut resolver = ChainFileResolver::new();
    resolver.add(Beside { folder: folder.to_owned(), files: files.clone(), read: AtomicUsize::new(0) });
    resolver.add(GoogleFileResolver::new());
    let mut compiler = Compiler::with_file_resolver(resolver);
    // Found out first: the compiler says of a missing file only that it is in no folder.
    files.read(path)?;
    compiler.open_file(name).map_err(|error| SchemaError {
        file: path.to_owned(),
        reason: SchemaFault::Broken(format!("{error:?}")),
    })?;
    let pool = compiler.descriptor_pool();
    let own = pool.get_file_by_name(name).map(|file| file.messages().collect()).unwrap_or_default();
    Ok((pool, own))
}

fn from_set(path: &str, files: &SchemaFiles) -> Result<Compiled, SchemaError> {
    let bytes = files.read(path)?;
    let pool = DescriptorPool::decode(bytes.as_slice()).map_err(|error| SchemaError {
        file: path.to_owned(),
        reason: SchemaFault::Broken(format!("{error:?}")),
    })?;
    let own = pool.files().flat_map(|file| file.messages().collect::<Vec<_>>()).collect();
    Ok((pool, own))
}

/// Finds files in a folder and in those above it.
struct Beside {
    folder: String,
    files: SchemaFiles,
    read: AtomicUsize,
}

impl FileResolver for Beside {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        if self.read.fetch_add(1, Ordering::Relaxed) >= FILES_MAX {
            return Err(protox::Error::file_not_found(name));
        }
        let mut folder = Some(self.folder.as_str());
        for _ in 0..FOLDERS_UP_MAX {
            let Some(here) = folder else { break };
            let path = match here {
                "" if self.folder.starts_with(['/', '\\']) => format!("/{name}"),
                "" => name.to_owned(),
                here => format!("{here}/{name}"),
            };
            match self.files.read(&path) {
                Ok(bytes) => {
                    let source = String::from_utf8(bytes).map_err(protox::Error::new)?;
                    return File::from_source(name, &source);
                }
                Err(SchemaError { reason: SchemaFault::NotFound, .. }) => {}
                Err(error) => return Err(protox::Error::new(format!("{path}: {:?}", error.reason))),
            }
            folder = match here {
                "" => None,
                here => Some(here.rsplit_once(['/', '\\']).map_or("", |(above, _)| above)),
            };
        }
        Err(protox::Error::file_not_found(name))
    }
}
