"""pending"""


def run(folder): ...
