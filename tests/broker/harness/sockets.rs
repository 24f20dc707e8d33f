//! Ports, and fake servers.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::Builder;

/// A port on the loopback interface that nothing listens on at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A server that accepts connections until the test ends.
pub struct FakeServer {
    pub port: u16,
}

impl FakeServer {
    /// A web server that answers as soon as it has read something that is not HTTP, like nginx.
    pub fn http() -> Self {
        Self::start(|stream| {
            let mut bytes = [0; 1024];
            if stream.read(&mut bytes).is_ok_and(|count| count > 0) {
                stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n").ok();
            }
        })
    }

    /// A web server that first waits for the end of a request, like many small ones.
    pub fn patient_http() -> Self {
        Self::start(|stream| {
            let mut request = Vec::new();
            let mut byte = [0; 1];
            while !request.ends_with(b"\r\n\r\n") {
                match stream.read(&mut byte) {
                    Ok(1) => request.extend(byte),
                    _ => return,
                }
            }
            stream.write_all(b"HTTP/1.0 404 Not Found\r\n\r\n").ok();
        })
    }

    /// A server that reads but never answers.
    pub fn silent() -> Self {
        Self::start(|stream| {
            let mut bytes = [0; 1024];
            while stream.read(&mut bytes).is_ok_and(|count| count > 0) {}
        })
    }

    /// A server that closes every connection at once.
    pub fn closing() -> Self {
        Self::start(|_| ())
    }

    /// A server that answers each read with the next of these answers and afterwards only reads.
    pub fn answering(answers: &[impl AsRef<[u8]>]) -> Self {
        let answers: Vec<Vec<u8>> = answers.iter().map(|answer| answer.as_ref().to_vec()).collect();
        Self::start(move |stream| {
            let mut answers = answers.iter();
            let mut request = [0; 1024];
            while stream.read(&mut request).is_ok_and(|count| count > 0) {
                if let Some(answer) = answers.next() {
                    stream.write_all(answer).ok();
                }
            }
        })
    }

    /// A server that handles every connection with `serve`.
    pub fn start(serve: impl Fn(&mut TcpStream) + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let accept = move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let serve = serve.clone();
                Builder::new().name("fake-server".to_owned()).spawn(move || serve(&mut stream)).unwrap();
            }
        };
        Builder::new().name("fake-server".to_owned()).spawn(accept).unwrap();
        Self { port }
    }
}
