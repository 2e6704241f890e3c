"""Messages of the demo's explorer page."""

from schema.message import Message

LOOPBACK_ONLY = Message("LOOPBACK_ONLY", zh="演示页只在本机地址上应答", en="the explorer answers as localhost only")
OWN_PAGE_ONLY = Message("OWN_PAGE_ONLY", zh="演示页只应答它自己的请求", en="the explorer answers its own page only")
NO_SUCH_FILE = Message("NO_SUCH_FILE", zh="没有这个文件", en="there is no such file")
NO_SUCH_PERSON = Message("NO_SUCH_PERSON", zh="演示中没有此人", en="the demo knows nobody of this name")
