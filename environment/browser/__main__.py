"""Starts the browser of the tests and ends it; if that does not work, says why and fails."""

import sys

from playwright.sync_api import Error

from browser.page import browser

try:
    with browser() as chromium:
        chromium.new_page()
except Error as error:
    sys.exit(str(error).strip().splitlines()[0])
